/** The puppet's options, read from what a user wrote as JSON. */
import { parseServiceUrl } from './client/url-guard';

/** The options as they are written; all of them have defaults. */
export interface IlinkOptions {
  /** The address of the API. */
  readonly baseUrl?: string;
  /** The address of the CDN that holds files. */
  readonly cdnUrl?: string;
  /** The version of Tencent's plugin that the puppet claims to be; phones refuse the QR codes of outdated ones. */
  readonly clientVersion?: string;
  /** Who the bot is, as `Name/Version (comment)`; Tencent logs it. */
  readonly botAgent?: string;
  /** An HTTP(S) proxy, as `http://user:password@host:port`. */
  readonly proxy?: string;
  /** For how many hours what may not be sent yet is held; 0: it fails at once. */
  readonly hold?: number;
  /** Whether people see that the bot is typing, from their message to the answer. */
  readonly typing?: boolean;
  /** The folder of sessions and messages. */
  readonly dataDir?: string;
}

/** The options, complete and checked. */
export interface IlinkSettings {
  readonly baseUrl: URL;
  readonly cdnUrl: URL;
  readonly clientVersion: string;
  readonly botAgent: string;
  readonly proxy: URL | undefined;
  readonly holdMs: number;
  readonly showsTyping: boolean;
  readonly dataDir: string;
}

/** The hosts and the version are those of npm `@tencent-weixin/openclaw-weixin` 2.4.9. */
const defaults = {
  baseUrl: 'https://ilinkai.weixin.qq.com',
  cdnUrl: 'https://novac2c.cdn.weixin.qq.com/c2c',
  clientVersion: '2.4.9',
  botAgent: 'node-red-wechaty/0.1.0',
  hold: 24,
  typing: false,
  dataDir: 'wechaty-puppet-ilink',
};

const maxHoldHours = 24 * 30;

const product = String.raw`[\w.-]{1,32}\/[\w.+-]{1,32}( \([\x20-\x27\x2a-\x7e]{1,64}\))?`;
const agentPattern = new RegExp(`^${product}( ${product})*$`);

/** @throws Error, with a sentence that names the option, when one is wrong. */
export function parseOptions(options: Readonly<Record<string, unknown>>): IlinkSettings {
  const text = (name: 'baseUrl' | 'cdnUrl' | 'clientVersion' | 'botAgent' | 'dataDir'): string => {
    const value = options[name] ?? defaults[name];
    if (typeof value !== 'string' || value === '') throw new Error(`The option ${name} is not a text.`);
    return value;
  };
  const clientVersion = text('clientVersion');
  if (!/^\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(clientVersion))
    throw new Error('The option clientVersion is not a version such as 2.4.9.');
  const botAgent = text('botAgent');
  if (botAgent.length > 256 || !agentPattern.test(botAgent))
    throw new Error('The option botAgent is not Name/Version (comment) in ASCII, 256 characters at most.');
  const hold = options.hold ?? defaults.hold;
  if (typeof hold !== 'number' || !(hold >= 0 && hold <= maxHoldHours))
    throw new Error(`The option hold is not a number of hours from 0 to ${maxHoldHours}.`);
  const typing = options.typing ?? defaults.typing;
  if (typeof typing !== 'boolean') throw new Error('The option typing is neither true nor false.');
  return {
    baseUrl: parseServiceUrl(text('baseUrl'), 'baseUrl'),
    cdnUrl: parseServiceUrl(text('cdnUrl'), 'cdnUrl'),
    clientVersion,
    botAgent,
    proxy: parseProxy(options.proxy),
    holdMs: hold * 3_600_000,
    showsTyping: typing,
    dataDir: text('dataDir'),
  };
}

function parseProxy(value: unknown): URL | undefined {
  if (value === undefined || value === '') return undefined;
  try {
    const url = new URL(typeof value === 'string' ? value : '');
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // Not quoted in the error: it may contain a password.
  }
  throw new Error('The option proxy is not an http or https URL.');
}
