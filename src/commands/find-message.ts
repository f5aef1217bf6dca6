/** Reads messages by id. */
import Type, { type Static } from 'typebox';
import type { Account } from '../bot/account';
import { WechatError } from '../bot/errors';
import { asName, messageParties, messageView, needsSelfAlias } from '../bot/view-mappers';
import { MessageView } from '../bot/views';
import { describe } from '../i18n/describe';
import { orNotFound } from './resolve';

/** A message with the ids of its sender, recipient and room. */
export const MessageRecord = Type.Object({
  ...MessageView.properties,
  talkerId: Type.String(),
  listenerId: Type.String(describe('empty in a room', '在群里时为空')),
  roomId: Type.String(describe('empty in a direct chat', '私聊时为空')),
});
export type MessageRecord = Static<typeof MessageRecord>;

/** Reads a message by its id. @throws WechatError NOT_FOUND */
export async function findMessage(account: Account, id: string): Promise<MessageRecord> {
  const notFound = () => new WechatError('NOT_FOUND', 'messageNotFound', { id });
  const call = account.call('messagePayload', (puppet) => puppet.messagePayload(id));
  const payload = await orNotFound(call, notFound);
  const parties = messageParties(payload);
  if (!parties.talkerId && !parties.roomId) throw notFound();
  const { selfId } = account;
  const names = needsSelfAlias(payload, selfId) ? await selfNames(account, parties.roomId) : [];
  return { ...messageView(id, payload, selfId, names), ...parties };
}

/** The names by which the bot can be mentioned in a room, as far as the puppet has them. */
async function selfNames(account: Account, roomId: string): Promise<string[]> {
  const none = () => undefined;
  const member = await account.members.get(roomId, account.selfId).catch(none);
  const self = await account.contacts.byId(account.selfId).catch(none);
  return [member?.roomAlias ?? '', asName(self?.name)];
}
