/**
 * WeChat's "v1" codes for non-friends (the PadChat document, V1码). Wechaty identifies contacts by id only, so a code
 * contains the id and no state is kept.
 */
import { WechatError } from '../../bot/errors';

const v1Pattern = /^v1_([\w-]+)@stranger$/;

/** The v1 code of a contact. */
export function encodeV1(contactId: string): string {
  return `v1_${Buffer.from(contactId).toString('base64url')}@stranger`;
}

/** The contact id in an id or a v1 code, whichever of the two is set. @throws WechatError INVALID_PARAMS, NOT_FOUND */
export function resolveContactId(userId: string | undefined, v1?: string): string {
  const encoded = v1Pattern.exec(v1 ?? '')?.[1] ?? v1Pattern.exec(userId ?? '')?.[1];
  const plain = userId === undefined || userId === '' ? v1 : userId;
  const id = encoded === undefined ? plain : Buffer.from(encoded, 'base64url').toString('utf8');
  if (!id) throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'userId' });
  return rejectPattern(id);
}

/** The same id, unless commands would read it as a pattern that matches several. @throws WechatError NOT_FOUND */
export function rejectPattern(id: string): string {
  if (id.startsWith('/')) throw new WechatError('NOT_FOUND', 'recipientNotFound', { query: id.slice(0, 64) });
  return id;
}
