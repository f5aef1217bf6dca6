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
 * The names of contacts or rooms in a value: a name, a list, or objects with an id (such as `msg.wechat.talker`).
 * @param isTyped whether the value was typed into the form, where commas are separators.
 */
export function parseNames(value: unknown, isTyped: boolean): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => {
    if (typeof item === 'object' && item !== null) return parseNames((item as { id?: unknown }).id, false);
    if (typeof item !== 'string' && typeof item !== 'number') return [];
    const text = String(item);
    // A comma inside /a,b/ is part of the pattern.
    const parts = isTyped && !text.trim().startsWith('/') ? text.split(/[,，;；\n]/) : [text];
    return parts.map((part) => part.trim()).filter(Boolean);
  });
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
