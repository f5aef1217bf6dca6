/** Operations on the client itself. */
import Type from 'typebox';
import { type OperationContext, type Operation, result } from './operation';
import { personJson } from '../people/people';
import { resultSchema, Person } from './shapes';

/** Delay between the response and the stop, in ms. */
const stopDelayMs = 3_000;

const getUserInfo: Operation = {
  path: 'get_user_info',
  summary: { 'en-US': 'gets the account of the bot', 'zh-CN': '获取登录用户数据' },
  commands: ['wechatyUserSelf'],
  params: {},
  response: Person,
  handle: async ({ run }) => personJson(await run('wechatyUserSelf', {})),
};

const runtimeFields = {
  account: Type.String({ description: 'the name of the bot' }),
  pid: Type.Integer(),
  runtime: Type.Integer({ description: 'in seconds' }),
  starttime: Type.Integer({ description: 'in seconds since 1970' }),
};

function runtimeInfo({ bot, startedAt }: OperationContext): object {
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
  summary: { 'en-US': 'gets information on the running client', 'zh-CN': '获取程序运行信息' },
  params: {},
  response: resultSchema({
    ...runtimeFields,
    http_debug: Type.Integer(),
    log_encoding: Type.Null(),
    log_level: Type.String(),
    log_path: Type.String(),
    os: Type.String(),
    version: Type.String(),
  }),
  handle: (context) =>
    Promise.resolve({
      ...result(0, 'success'),
      ...runtimeInfo(context),
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
    'en-US': 'stops the bot after 3 seconds, if the node allows it',
    'zh-CN': '3 秒后停止机器人，需由节点设置允许',
  },
  commands: ['wechatyStop'],
  params: {},
  response: resultSchema(runtimeFields),
  handle: (context: OperationContext) => {
    if (!context.allowStop) return Promise.resolve(result(-6, 'the settings of this remote do not allow it'));
    context.defer('stop_client', stopDelayMs, () => context.run('wechatyStop', {}));
    const { pid } = process;
    const status = `success, client(${pid}) will stop in 3 seconds`;
    return Promise.resolve({ ...result(0, status), ...runtimeInfo(context) });
  },
};

export const clientOperations = [getUserInfo, getClientInfo, stopClient];
