/** Functions shared by the nodes that send messages. */
import type { Node, NodeAPI } from 'node-red';
import { WechatError } from '../../bot/errors';
import type { SendResult } from '../../commands/broadcast';
import type { ContentValues } from '../shared/content-properties';
import { type FlowMessage, evaluateProperty } from './input';

/** Evaluates the content properties of a node as parameters of a say command. @throws WechatError INVALID_PARAMS */
export async function evaluateContent(
  RED: NodeAPI,
  node: Node,
  msg: FlowMessage,
  properties: ContentValues,
): Promise<{ messageType: string; messagePayload: unknown }> {
  const { content, contentType, contentValueType } = properties;
  const value = await evaluateProperty(RED, node, msg, 'content', content, contentValueType);
  const name = msg.filename;
  return {
    messageType: typeof msg.contentType === 'string' && msg.contentType ? msg.contentType : contentType,
    messagePayload: Buffer.isBuffer(value) && typeof name === 'string' ? { buffer: value, name } : value,
  };
}

/**
 * The names of contacts, rooms or members in a value: a text, which may name several, or a list of names or of objects
 * with an id (such as `msg.wechat.talker`), which name one each.
 */
export function parseNames(value: unknown): string | string[] {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value))
    return value
      .flatMap(parseNames)
      .map((name) => name.trim())
      .filter(Boolean);
  const isObject = typeof value === 'object' && value !== null;
  return isObject ? [parseNames((value as { id?: unknown }).id)].flat() : [];
}

/** Stores the result in `msg.sent`. @throws WechatError with the code of the first failure, if any failed. */
export function applySendResult(msg: FlowMessage, result: SendResult): void {
  msg.sent = result;
  const [first] = result.fail;
  if (!first) return;
  const total = result.success.length + result.fail.length;
  throw new WechatError(first.error.code, 'partlyFailed', {
    failed: result.fail.length,
    total,
    error: first.error.message,
  });
}
