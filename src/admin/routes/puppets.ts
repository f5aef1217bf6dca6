/** The route that lists common puppets, for the form of a bot. */
import type { NodeAPI } from 'node-red';
import { installedPackage } from '../../bot/session/puppet-loader';
import { packageVersion } from '../../nodes/runtime/load-remote';
import type { JsonSchema, PuppetSummary } from '../api-types';
import type { Route } from '../route';

/** The description of a puppet; options that are not documented are passed to the puppet as well. */
type KnownPuppet = Pick<PuppetSummary, 'name' | 'summary' | 'needs'> &
  Partial<Pick<PuppetSummary, 'options'>>;

const optionSchema = (type: string, en: string, zh: string, more: JsonSchema = {}): JsonSchema => ({
  type,
  description: en,
  'x-description-zh': zh,
  ...more,
});
const objectSchema = (properties: Readonly<Record<string, JsonSchema>>, isClosed = false): JsonSchema => ({
  type: 'object',
  properties,
  ...(isClosed ? { additionalProperties: false } : {}),
});
const flag = (en: string, zh: string): JsonSchema => optionSchema('boolean', en, zh);
const count = (en: string, zh: string, minimum: number): JsonSchema =>
  optionSchema('integer', en, zh, { minimum });

/** The options of the simulator. */
const simulatorOptions = objectSchema(
  {
    login: optionSchema(
      'string',
      'auto: logged in at once; scan: by a QR code',
      'auto 直接登录；scan 扫码登录',
      {
        enum: ['auto', 'scan'],
        default: 'auto',
      },
    ),
    contacts: count('number of friends (default: 8)', '好友数，默认 8', 0),
    rooms: count('number of rooms (default: 3)', '群数，默认 3', 0),
    membersPerRoom: count('members of each room (default: a few)', '每个群的成员数，默认数人', 1),
    latency: count('duration of every call, in ms', '每次调用的耗时（毫秒）', 0),
    history: count('number of stored messages (default: 5,000)', '保留的消息数，默认 5000', 1),
    faults: {
      ...objectSchema(
        {
          rejectAll: flag('every call fails', '所有调用都失败'),
          rejectSends: flag('every send fails', '所有发送都失败'),
          hangSends: flag('sends never complete', '发送永无响应'),
          hangStart: flag('starting never ends', '启动永不结束'),
          failStart: {
            anyOf: [{ type: 'boolean' }, { type: 'integer', minimum: 0 }],
            description: 'starting fails: always, or this many times',
            'x-description-zh': '启动失败：总是，或指定次数',
          },
          malformedPayloads: flag('payloads contain nothing but the id', '数据除 id 外全部丢失'),
          noInviter: flag('room events name an unknown contact', '群事件中的操作者未知'),
          noMessageIds: flag('sends return no message id', '发送不返回消息 id'),
          noDirtyEvents: flag('changes are not followed by dirty events', '变更后没有 dirty 事件'),
          slow: count('delay added to every call, in ms', '每次调用增加的耗时（毫秒）', 0),
        },
        true,
      ),
      description: 'injected faults',
      'x-description-zh': '故意制造的故障',
    },
  },
  true,
);

/** The options of WeChat's own bot API. */
const ilinkOptions = objectSchema(
  {
    hold: optionSchema(
      'number',
      'hours for which messages that WeChat does not allow yet are held (default: 24; 0: they fail at once)',
      '微信暂不允许发送的消息保留几小时，默认 24；0 为立即报错',
      { minimum: 0, maximum: 720 },
    ),
    typing: flag(
      'shows that the bot is typing, from a message to its answer',
      '从收到消息到回复期间显示“对方正在输入”',
    ),
    proxy: optionSchema('string', 'HTTP(S) proxy, as http://host:port', 'HTTP(S) 代理，如 http://host:port'),
    clientVersion: optionSchema(
      'string',
      'version it claims to be; raise it when the phone asks for an upgrade (default: 2.4.9)',
      '声明的客户端版本，手机提示升级时请调高，默认 2.4.9',
    ),
    botAgent: optionSchema(
      'string',
      'name it gives to WeChat, as Name/Version',
      '向微信声明的名称，格式为 名称/版本',
    ),
    baseUrl: optionSchema('string', 'address of the API', '接口地址'),
    cdnUrl: optionSchema('string', 'address of the files', '文件地址'),
  },
  true,
);

const knownPuppets: readonly KnownPuppet[] = [
  {
    name: 'simulator',
    summary: {
      'en-US': 'A WeChat in memory, with friends and rooms, to try everything on.',
      'zh-CN': '内存中的模拟微信，自带好友和群，可试用一切功能。',
    },
    needs: { 'en-US': 'Nothing: it is built in.', 'zh-CN': '无需任何准备，已内置。' },
    options: simulatorOptions,
  },
  {
    name: 'ilink',
    summary: {
      'en-US':
        'Your own WeChat, through the bot API of WeChat itself: direct chats with everyone who scans its QR code.',
      'zh-CN': '通过微信官方的机器人接口使用自己的微信：与每个扫码的人一对一聊天。',
    },
    needs: {
      'en-US': 'WeChat 8.0.70 or later for iOS, 8.0.69 or later for Android. It is built in.',
      'zh-CN': 'iOS 微信 8.0.70 或 Android 微信 8.0.69 以上版本。已内置。',
    },
    options: ilinkOptions,
  },
  {
    name: 'wechaty-puppet-service',
    summary: {
      'en-US': 'A real account behind a puppet service, or behind a Wechaty gateway of your own.',
      'zh-CN': '通过 Puppet 服务或自建 Wechaty 网关使用真实账号。',
    },
    needs: {
      'en-US': 'The token of the service, or the address of the gateway as the option endpoint.',
      'zh-CN': '服务的 Token，或在 endpoint 选项中填写网关地址。',
    },
    options: objectSchema({
      endpoint: optionSchema('string', 'host:port of your own gateway', '自建网关的 主机:端口'),
      authority: optionSchema(
        'string',
        'the service that resolves tokens to addresses',
        '查询 Token 地址的服务',
      ),
      timeoutSeconds: count('timeout of the service, in s', '服务无响应的超时（秒）', 1),
      tls: {
        ...objectSchema({
          caCert: optionSchema('string', 'the certificate of the authority, as PEM', 'CA 证书（PEM）'),
          serverName: optionSchema('string', 'the name in the certificate', '证书中的名称'),
          disable: flag('no encryption, for old gateways', '不加密，仅用于旧网关'),
        }),
        description: 'encryption',
        'x-description-zh': '加密',
      },
    }),
  },
  {
    name: 'wechaty-puppet-wechat4u',
    summary: {
      'en-US': 'A real account through web WeChat, without a browser; free.',
      'zh-CN': '通过网页版微信使用真实账号，无需浏览器，免费。',
    },
    needs: {
      'en-US': 'An account that may use web WeChat, which many newer ones may not; WeChat may restrict it.',
      'zh-CN': '可登录网页版微信的账号（许多新账号不可用）；有被微信限制的风险。',
    },
  },
  {
    name: 'wechaty-puppet-padlocal',
    summary: {
      'en-US': 'A real account through the iPad protocol; can nearly everything.',
      'zh-CN': '通过 iPad 协议使用真实账号，功能最全。',
    },
    needs: { 'en-US': 'A PadLocal token, which costs money.', 'zh-CN': 'PadLocal Token（付费）。' },
  },
  {
    name: 'wechaty-puppet-wechat',
    summary: {
      'en-US': 'A real account through web WeChat in a Chrome that it starts itself; free.',
      'zh-CN': '启动 Chrome 通过网页版微信使用真实账号，免费。',
    },
    needs: {
      'en-US': 'Room for a Chrome, and an account that may use web WeChat.',
      'zh-CN': '可运行 Chrome 的机器，以及可登录网页版微信的账号。',
    },
    options: objectSchema({
      uos: flag('logs in as the UOS client, which more accounts may', '以 UOS 客户端身份登录，可用账号更多'),
      head: flag('shows the browser', '显示浏览器窗口'),
    }),
  },
  {
    name: 'wechaty-puppet-xp',
    summary: {
      'en-US': 'A real account through the WeChat program for Windows on the same machine; free.',
      'zh-CN': '通过本机的 Windows 版微信使用真实账号，免费。',
    },
    needs: {
      'en-US': 'Windows, with the one version of WeChat its documentation names, logged in.',
      'zh-CN': 'Windows，以及其文档指定版本且已登录的微信。',
    },
  },
];

/** The puppet route; it also reports which puppets are installed. */
export function puppetRoutes(RED: NodeAPI): Route[] {
  const userDir = RED.settings.userDir ?? process.cwd();
  const puppetSummary = (puppet: KnownPuppet): PuppetSummary => {
    const isBuiltIn = puppet.name === 'simulator' || puppet.name === 'ilink';
    const version = isBuiltIn ? packageVersion() : installedPackage(puppet.name, userDir)?.version;
    return {
      ...puppet,
      installed: version !== undefined,
      ...(version === undefined ? {} : { version }),
      install: isBuiltIn ? '' : `npm install ${puppet.name}`,
      options: puppet.options ?? objectSchema({}),
    };
  };
  return [
    {
      method: 'GET',
      path: '/wechat/puppets',
      permission: 'read',
      handler: () => knownPuppets.map(puppetSummary),
    },
  ];
}
