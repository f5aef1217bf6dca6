/** Messages looked up by their id. */
import Type, { type Static } from 'typebox';
import type { Account } from '../bot/account';
import { WechatError } from '../bot/errors';
import { messageParties, messageView } from '../bot/view-mappers';
import { MessageView, describe } from '../bot/views';
import { existing } from './resolve';

/** A message and who said it to whom. */
export const MessageRecord = Type.Object({
  ...MessageView.properties,
  talkerId: Type.String(),
  listenerId: Type.String(describe('empty in a room', '群聊时为空')),
  roomId: Type.String(describe('empty in a direct chat', '私聊时为空')),
});
export type MessageRecord = Static<typeof MessageRecord>;

/** A message by its id. @throws WechatError NOT_FOUND */
export async function messageOf(account: Account, id: string): Promise<MessageRecord> {
  const none = () => new WechatError('NOT_FOUND', 'messageNotFound', { id });
  const asked = account.call('messagePayload', (puppet) => puppet.messagePayload(id));
  const payload = await existing(asked, none);
  const parties = messageParties(payload);
  if (!parties.talkerId && !parties.roomId) throw none();
  return { ...messageView(id, payload, account.selfId), ...parties };
}
