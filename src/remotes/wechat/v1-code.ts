/**
 * WeChat's codes for people who are no friends, its "v1" (the PadChat document, V1码). Wechaty knows people by their
 * ids alone: the code holds the id, so that nothing need be remembered.
 */
import { WechatError } from '../../bot/errors';

const form = /^v1_([\w-]+)@stranger$/;

/** The code of somebody. */
export function strangerOf(contactId: string): string {
  return `v1_${Buffer.from(contactId).toString('base64url')}@stranger`;
}

/** Who is meant by an id or by a code. @throws WechatError INVALID_PARAMS, NOT_FOUND */
export function contactIdIn(userId: string | undefined, stranger: string | undefined): string {
  const encoded = form.exec(stranger ?? '')?.[1] ?? form.exec(userId ?? '')?.[1];
  const given = userId === undefined || userId === '' ? stranger : userId;
  const id = encoded === undefined ? given : Buffer.from(encoded, 'base64url').toString('utf8');
  if (!id) throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'userId' });
  return exact(id);
}

/** The same id, unless commands would take it for a pattern that fits several. @throws WechatError NOT_FOUND */
export function exact(id: string): string {
  if (id.startsWith('/')) throw new WechatError('NOT_FOUND', 'recipientNotFound', { query: id.slice(0, 64) });
  return id;
}
