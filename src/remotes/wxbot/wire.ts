/** Decodes requests and frames of WXBot clients and encodes responses, with the names of the WXBot document. */
import { validateParams } from '../../commands/validate-params';
import { WechatError } from '../../bot/errors';
import { parseLimitedJson } from '../../bot/limited-json';
import { redactParams } from '../dispatch/redact';
import type { RetCode } from './return-codes';
import { type MessageIds, encodeWithIds } from './message-ids';
import { type SendBody, type SendName, sendNames, sendPath, sends, voiceTypes } from './sends';
import { extensionFor, mediaTypeOf } from '../../util/file-type';
import { isObject } from '../../util/is-object';

/** The first frame of a client. */
export interface Handshake {
  readonly key: string;
  /** Whether `app` and `version` are those of this protocol. */
  readonly isSupported: boolean;
}

/** The content of a message, as parameters of the command `send`. */
export interface Content {
  readonly messageType: 'Text' | 'Image' | 'Audio' | 'Video';
  readonly messagePayload: unknown;
}

/** A decoded request. */
export interface SendRequest {
  readonly name: SendName;
  readonly token: string;
  readonly to: string;
  readonly content: Content;
  /** The redacted parameters for audit records. */
  readonly loggedParams: Readonly<Record<string, unknown>>;
}

/** Fields that audit records do not contain. */
const redaction = {
  secrets: new Set(['Token']),
  files: new Set(['Base64Image', 'DataFileBase64', 'VideoFileBase64', 'ImageFileBase64']),
};

/** Limits for JSON; bodies and frames of this protocol are flat. */
const jsonLimits = { maxDepth: 4, maxValues: 64 };

/** Maximum size of a frame, in bytes. */
export const maxFrameBytes = 4096;

/** Decodes a frame; undefined for anything but a handshake, which is ignored. */
export function decodeHandshake(frame: Buffer): Handshake | undefined {
  let parsed: unknown;
  try {
    parsed = parseLimitedJson(frame, { ...jsonLimits, maxBytes: maxFrameBytes });
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || typeof parsed.key !== 'string') return undefined;
  return { key: parsed.key, isSupported: parsed.app === 'wxbot' && parsed.version === '1.0' };
}

/** Encodes the result of a handshake. The document has both `type` and `eventType`. */
export function encodeAuthResult(retCode: RetCode, msg: string): string {
  const type = 'AuthCheckResult';
  return JSON.stringify({ type, eventType: type, msg, retCode });
}

/** The request of a path, if any. */
export function sendNameOf(path: string): SendName | undefined {
  if (!path.startsWith(sendPath)) return undefined;
  const name = path.slice(sendPath.length);
  return sendNames.find((known) => known === name);
}

/**
 * Decodes the body of a request.
 * @param named the request of the path. A body with the fields of another request takes precedence: the document shows
 *   voice and video under the path of texts.
 * @throws WechatError INVALID_PARAMS, NOT_FOUND, or REFUSED when it is too large.
 */
export function decodeSend(named: SendName, bytes: Buffer, maxBytes: number): SendRequest {
  const body = parseLimitedJson(bytes, { ...jsonLimits, maxBytes: maxBytes });
  if (!isObject(body)) throw invalidParams(named, 'the body must be an object');
  const name = detectSend(named, body);
  validateParams(name, sends[name].body, body);
  const { Token: token, UserName: to } = body as SendBody;
  // Commands take a leading slash for a pattern; no id starts with one.
  if (to.startsWith('/')) throw new WechatError('NOT_FOUND', 'recipientNotFound', { query: to });
  return {
    name,
    token,
    to,
    content: toContent(name, body),
    loggedParams: redactParams(Object.entries(body), redaction),
  };
}

/** Encodes the response to a successful send. @param ids of the message, if the puppet returns an id. @param at in ms. */
export function encodeSent(to: string, ids: MessageIds | undefined, at: number): string {
  const fields = { ToUserName: to, CreateTime: Math.floor(at / 1000) };
  const result = ids ? encodeWithIds(ids, fields) : JSON.stringify(fields);
  return `{"ok":true,"result":${result},"retCode":0,"cost":true}`;
}

/** Encodes the response to a failed request. */
export function encodeFailure(retCode: RetCode, error: string, cost = false): string {
  return JSON.stringify({ ok: false, retCode, cost, error });
}

/** The request a body is for: clients with one class for all requests send the other fields empty. */
function detectSend(named: SendName, body: Readonly<Record<string, unknown>>): SendName {
  const has = (name: SendName): boolean => Boolean(body[sends[name].field]);
  return has(named) ? named : (sendNames.find(has) ?? named);
}

function toContent(name: SendName, body: unknown): Content {
  switch (name) {
    case 'sendText':
      return { messageType: 'Text', messagePayload: (body as SendBody<'sendText'>).Content };
    case 'sendImage': {
      const base64 = plainBase64(name, (body as SendBody<'sendImage'>).Base64Image);
      const payload = { base64, name: `image.${imageExtension(Buffer.from(base64.slice(0, 64), 'base64'))}` };
      return { messageType: 'Image', messagePayload: payload };
    }
    case 'sendVoice': {
      const { Type, DataFileBase64, VoiceTime } = body as SendBody<'sendVoice'>;
      const length = VoiceTime === undefined ? {} : { voiceLength: VoiceTime };
      const payload = {
        base64: plainBase64(name, DataFileBase64),
        name: `voice.${voiceTypes[Type] ?? 'amr'}`,
        ...length,
      };
      return { messageType: 'Audio', messagePayload: payload };
    }
    case 'sendVideo': {
      const base64 = plainBase64(name, (body as SendBody<'sendVideo'>).VideoFileBase64);
      return { messageType: 'Video', messagePayload: { base64, name: 'video.mp4' } };
    }
  }
}

/** Removes the prefix: the example of the document has a data URL with its parts in the wrong order. */
function plainBase64(name: SendName, text: string): string {
  const inner = (text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text).replace(/\s+/g, '');
  // A path or URL given by mistake must not be decoded as Base64.
  if (inner.length % 4 !== 0 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(inner)) {
    throw invalidParams(name, `${sends[name].field} is not Base64`);
  }
  return inner;
}

/** The extension of an image by its content: WeChat relies on the file name. */
function imageExtension(content: Buffer): string {
  const type = mediaTypeOf({ content });
  return type.startsWith('image/') ? extensionFor(type) : 'jpg';
}

function invalidParams(name: SendName, problem: string): WechatError {
  return new WechatError('INVALID_PARAMS', 'badParams', { command: name, problem });
}
