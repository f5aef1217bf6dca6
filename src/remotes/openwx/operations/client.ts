/** Paths about the client itself. */
import Type from 'typebox';
import type { ContactView } from '../../../bot/views';
import { type Context, type Operation, told } from './operation';
import { personJson } from '../people/people';
import { coded, Person } from './shapes';

/** How long after its answer the bot is stopped, in ms. */
const stopDelay = 3_000;

const getUserInfo: Operation = {
  path: 'get_user_info',
  summary: { 'en-US': "tells of the bot's own account", 'zh-CN': '获取登录用户数据' },
  command: 'wechatyUserSelf',
  params: {},
  answer: Person,
  run: async ({ ask }) => personJson((await ask('wechatyUserSelf', {})) as ContactView),
};

const running = {
  account: Type.String({ description: 'the name of the bot' }),
  pid: Type.Integer(),
  runtime: Type.Integer({ description: 'in seconds' }),
  starttime: Type.Integer({ description: 'in seconds since 1970' }),
};

function runningOf({ bot, startedAt }: Context): object {
  const starttime = Math.floor(startedAt / 1000);
  return {
    account: bot.name,
    pid: process.pid,
    runtime: Math.floor(Date.now() / 1000) - starttime,
    starttime,
  };
}

const getClientInfo: Operation = {
  path: 'get_client_info',
  summary: { 'en-US': 'tells how the client runs', 'zh-CN': '获取程序运行信息' },
  params: {},
  answer: coded({
    ...running,
    http_debug: Type.Integer(),
    log_encoding: Type.Null(),
    log_level: Type.String(),
    log_path: Type.String(),
    os: Type.String(),
    version: Type.String(),
  }),
  run: (context) =>
    Promise.resolve({
      ...told(0, 'success'),
      ...runningOf(context),
      http_debug: 0,
      log_encoding: null,
      log_level: 'info',
      log_path: '',
      os: process.platform,
      version: context.version,
    }),
};

const stopClient: Operation = {
  path: 'stop_client',
  summary: {
    'en-US': 'stops the bot 3 seconds later, where the owner allows it',
    'zh-CN': '3 秒后停止机器人，需由所有者允许',
  },
  command: 'wechatyStop',
  params: {},
  answer: coded(running),
  run: (context: Context) => {
    if (!context.allowStop) return Promise.resolve(told(-6, 'the owner of this remote does not allow it'));
    context.afterwards('stop_client', stopDelay, () => context.ask('wechatyStop', {}));
    const { pid } = process;
    const status = `success, client(${pid}) will stop in 3 seconds`;
    return Promise.resolve({ ...told(0, status), ...runningOf(context) });
  },
};

export const clientOperations = [getUserInfo, getClientInfo, stopClient];
