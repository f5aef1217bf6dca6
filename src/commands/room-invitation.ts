/** Commands about invitations to rooms. */
import Type, { type Static } from 'typebox';
import { type Account, callTimeouts } from '../bot/account';
import { WechatError } from '../bot/errors';
import { asName, contactView, toMilliseconds, asString } from '../bot/view-mappers';
import { ContactView } from '../bot/views';
import { describe } from '../i18n/describe';
import { command } from './command';
import { orNotFound } from './resolve';
import { ChangedResult, idParam } from './shared-schemas';

const id = idParam(
  'the invitation: id of the room-invite event',
  '邀请 id，见 room-invite 事件',
  'room-invitation',
);

const InvitationView = Type.Object({
  id: Type.String(),
  topic: Type.String(),
  inviterId: Type.String(),
  memberCount: Type.Integer(),
  timestamp: Type.Integer(describe('time of receipt in ms since 1970', '收到时间（毫秒）')),
});

async function findInvitation(account: Account, itsId: string): Promise<Static<typeof InvitationView>> {
  const notFound = () => new WechatError('NOT_FOUND', 'invitationNotFound', { id: itsId });
  const call = account.call('roomInvitationPayload', (puppet) => puppet.roomInvitationPayload(itsId));
  const { topic, inviterId, memberCount, timestamp } = await orNotFound(call, notFound);
  return {
    id: itsId,
    topic: asName(topic),
    inviterId: asString(inviterId),
    memberCount: typeof memberCount === 'number' ? memberCount : 0,
    timestamp: toMilliseconds(timestamp),
  };
}

const roomInvitationAccept = command({
  name: 'roomInvitationAccept',
  summary: { 'en-US': 'accepts an invitation to a room', 'zh-CN': '接受入群邀请' },
  readOnly: false,
  params: Type.Object({ id }),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    await findInvitation(account, params.id);
    await account.call(
      'roomInvitationAccept',
      (puppet) => puppet.roomInvitationAccept(params.id),
      callTimeouts.write,
    );
    account.removeInvitation(params.id);
    account.rooms.invalidateList();
    return { id: params.id };
  },
});

const roomInvitationFindAll = command({
  name: 'roomInvitationFindAll',
  summary: {
    'en-US': 'lists the invitations received since the login and not accepted',
    'zh-CN': '获取登录以来收到且未接受的入群邀请',
  },
  readOnly: true,
  params: Type.Object({}),
  result: Type.Array(InvitationView),
  run: async (bot) => {
    const account = bot.account();
    const reads = account.invitations.map((invitationId) => findInvitation(account, invitationId));
    return (await Promise.allSettled(reads)).flatMap((read) =>
      read.status === 'fulfilled' ? [read.value] : [],
    );
  },
});

const roomInvitationInviter = command({
  name: 'roomInvitationInviter',
  summary: { 'en-US': 'gets the contact who invited the bot', 'zh-CN': '查询入群邀请人' },
  readOnly: true,
  params: Type.Object({ id }),
  result: ContactView,
  run: async (bot, params) => {
    const account = bot.account();
    const { inviterId } = await findInvitation(account, params.id);
    return contactView(inviterId, await account.contacts.byId(inviterId));
  },
});

export const roomInvitationCommands = [roomInvitationAccept, roomInvitationFindAll, roomInvitationInviter];
