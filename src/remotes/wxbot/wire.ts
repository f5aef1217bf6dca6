/**
 * The protocol WXBot as text: what clients send is read, what they get is written. Pure; its words are those of the
 * WXBot document.
 */
import { Compile, type Validator } from 'typebox/compile';
import { WechatError } from '../../bot/errors';
import { parseUntrusted } from '../dispatch/limited-json';
import type { RetCode } from './return-codes';
import { type MessageIds, writeWithIds } from './message-ids';
import { type SendBody, type SendName, sendNames, sendPath, sends, voiceTypes } from './sends';

/** What a client said of itself in its first frame. */
export interface Introduction {
  readonly key: string;
  /** Whether it speaks this protocol in a version we know. */
  readonly isKnown: boolean;
}

/** Something to be sent, as the command `send` takes it. */
export interface Content {
  readonly messageType: 'Text' | 'Image' | 'Audio' | 'Video';
  readonly messagePayload: unknown;
}

/** A request that was understood. */
export interface SendRequest {
  readonly name: SendName;
  readonly token: string;
  readonly to: string;
  readonly content: Content;
  /** What was asked for, without the token and with sizes in place of files: for the owner to see. */
  readonly told: Readonly<Record<string, unknown>>;
}

/** The shape of a request's body is simple; more of it is no request. */
const shape = { depth: 4, values: 64 };

/** No frame of a client is longer than this, in bytes. */
export const longestFrame = 4096;

/** Reads a frame; undefined for anything that does not introduce a client, which is not answered. */
export function readIntroduction(frame: Buffer): Introduction | undefined {
  let told: unknown;
  try {
    told = parseUntrusted(frame, { ...shape, bytes: longestFrame });
  } catch {
    return undefined;
  }
  if (!isObject(told) || typeof told.key !== 'string') return undefined;
  return { key: told.key, isKnown: told.app === 'wxbot' && told.version === '1.0' };
}

/** Writes what comes of an introduction. The document calls the kind `type` in one place and `eventType` in the other. */
export function writeAuthResult(retCode: RetCode, msg: string): string {
  const kind = 'AuthCheckResult';
  return JSON.stringify({ type: kind, eventType: kind, msg, retCode });
}

/** Which send a path names, if any. */
export function sendAt(path: string): SendName | undefined {
  if (!path.startsWith(sendPath)) return undefined;
  const name = path.slice(sendPath.length);
  return sendNames.find((one) => one === name);
}

/**
 * Reads a request's body.
 * @param named by the path. What the body holds decides where that is something else: the document shows voice and
 *   video under the path for texts.
 * @throws WechatError INVALID_PARAMS, NOT_FOUND, or REFUSED when it is too large.
 */
export function readSend(named: SendName, bytes: Buffer, maxBytes: number): SendRequest {
  const body = parseUntrusted(bytes, { ...shape, bytes: maxBytes });
  if (!isObject(body)) throw wrong(named, 'the body must be an object');
  const name = kindOf(named, body);
  const validator = validators[name];
  if (!validator.Check(body)) {
    const [first] = validator.Errors(body);
    throw wrong(name, `${first?.instancePath.slice(1) ?? ''} ${first?.message ?? ''}`.trim());
  }
  const { Token: token, UserName: to, ...rest } = body as SendBody;
  // Our commands take this for a search; no id looks like it.
  if (to.startsWith('/')) throw new WechatError('NOT_FOUND', 'recipientNotFound', { query: to });
  return { name, token, to, content: contentOf(name, body), told: { UserName: to, ...withSizes(rest) } };
}

/** Writes the answer to a send that was done. @param ids of the message, where the puppet tells one. */
export function writeSent(to: string, ids: MessageIds | undefined, at: number): string {
  const fields = { ToUserName: to, CreateTime: Math.floor(at / 1000) };
  const result = ids ? writeWithIds(ids, fields) : JSON.stringify(fields);
  return `{"ok":true,"result":${result},"retCode":0,"cost":true}`;
}

/** Writes the answer to what was not done. */
export function writeFailure(retCode: RetCode, error: string, cost = false): string {
  return JSON.stringify({ ok: false, retCode, cost, error });
}

const validators = Object.fromEntries(sendNames.map((name) => [name, Compile(sends[name].body)])) as Record<
  SendName,
  Validator
>;

/** Clients with one class for all requests send every field, the others empty. */
function kindOf(named: SendName, body: Readonly<Record<string, unknown>>): SendName {
  const has = (name: SendName): boolean => Boolean(body[sends[name].field]);
  return has(named) ? named : (sendNames.find(has) ?? named);
}

function contentOf(name: SendName, body: unknown): Content {
  switch (name) {
    case 'sendText':
      return { messageType: 'Text', messagePayload: (body as SendBody<'sendText'>).Content };
    case 'sendImage': {
      const base64 = bare(name, (body as SendBody<'sendImage'>).Base64Image);
      const payload = { base64, name: `image.${imageType(Buffer.from(base64.slice(0, 32), 'base64'))}` };
      return { messageType: 'Image', messagePayload: payload };
    }
    case 'sendVoice': {
      const { Type, DataFileBase64, VoiceTime } = body as SendBody<'sendVoice'>;
      const length = VoiceTime === undefined ? {} : { voiceLength: VoiceTime };
      const payload = {
        base64: bare(name, DataFileBase64),
        name: `voice.${voiceTypes[Type] ?? 'amr'}`,
        ...length,
      };
      return { messageType: 'Audio', messagePayload: payload };
    }
    case 'sendVideo': {
      const base64 = bare(name, (body as SendBody<'sendVideo'>).VideoFileBase64);
      return { messageType: 'Video', messagePayload: { base64, name: 'video.mp4' } };
    }
  }
}

/** The Base64 alone: the document's example has something like a data URL around it, with its parts in disorder. */
function bare(name: SendName, text: string): string {
  const inner = (text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text).replace(/\s+/g, '');
  // A path or an address given by mistake must not be sent as the bytes it happens to decode to.
  if (inner.length % 4 !== 0 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(inner)) {
    throw wrong(name, `${sends[name].field} is not Base64`);
  }
  return inner;
}

const imageSigns = { png: '89504e47', gif: '47494638', webp: '52494646', bmp: '424d' };

/** What sort of image it is, by its first bytes: WeChat goes by the file's name. */
function imageType(start: Buffer): string {
  const hex = start.toString('hex');
  return Object.entries(imageSigns).find(([, sign]) => hex.startsWith(sign))?.[0] ?? 'jpg';
}

function withSizes(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const told = Object.entries(fields).map(([name, value]) =>
    name.includes('Base64') && typeof value === 'string'
      ? [name, `${Math.floor((value.length * 3) / 4)} bytes`]
      : [name, value],
  );
  return Object.fromEntries(told) as Record<string, unknown>;
}

function wrong(name: SendName, problem: string): WechatError {
  return new WechatError('INVALID_PARAMS', 'badParams', { command: name, problem });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
