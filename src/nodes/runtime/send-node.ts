/** What the nodes that send have in common. */
import type { Node, NodeAPI } from 'node-red';
import { type ErrorCode, WechatError } from '../../bot/errors';
import type { ContentProperties } from '../shared/typed-inputs';
import { type Message, valueOf } from './input';

/** What became of each send; the result of the say commands, and `msg.sent`. */
export interface Sent {
  readonly success: readonly { readonly id: string; readonly messageId?: string }[];
  readonly fail: readonly {
    readonly id: string;
    readonly error: { readonly code: ErrorCode; readonly message: string };
  }[];
}

/** The content for this message, as the say commands take it. */
export async function contentOf(
  RED: NodeAPI,
  node: Node,
  msg: Message,
  properties: ContentProperties,
): Promise<{ messageType: string; messagePayload: unknown }> {
  const { content, contentType, contentValueType } = properties;
  const value = await valueOf(RED, node, msg, 'content', content, contentValueType);
  const name = msg.filename;
  return {
    messageType: typeof msg.contentType === 'string' && msg.contentType ? msg.contentType : contentType,
    messagePayload: Buffer.isBuffer(value) && typeof name === 'string' ? { buffer: value, name } : value,
  };
}

/**
 * The people or rooms meant by a value: one name, a list, or objects with an id (such as `msg.wechat.talker`).
 * @param typed whether the value was typed into the form, where commas separate.
 */
export function namesIn(value: unknown, typed: boolean): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => {
    if (typeof item === 'object' && item !== null) return namesIn((item as { id?: unknown }).id, false);
    if (typeof item !== 'string' && typeof item !== 'number') return [];
    const text = String(item);
    // A comma inside /a,b/ belongs to the pattern.
    const parts = typed && !text.trim().startsWith('/') ? text.split(/[,，;；\n]/) : [text];
    return parts.map((part) => part.trim()).filter(Boolean);
  });
}

/** Puts the result into `msg.sent`. @throws WechatError with the first failure's code when any failed. */
export function report(msg: Message, sent: Sent): void {
  msg.sent = sent;
  const [first] = sent.fail;
  if (!first) return;
  const total = sent.success.length + sent.fail.length;
  throw new WechatError(first.error.code, 'partlyFailed', {
    failed: sent.fail.length,
    total,
    error: first.error.message,
  });
}
