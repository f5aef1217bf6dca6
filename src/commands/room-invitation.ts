/** Commands about invitations into rooms. */
import Type, { type Static } from 'typebox';
import { type Account, callLimits } from '../bot/account';
import { WechatError } from '../bot/errors';
import { contactView, milliseconds, text } from '../bot/view-mappers';
import { ContactView, describe } from '../bot/views';
import { command } from './command';
import { existing } from './resolve';
import { Changed, itsId } from './shared-schemas';

const id = itsId('the invitation, as the room-invite event tells it', '邀请 id，见 room-invite 事件');

const InvitationView = Type.Object({
  id: Type.String(),
  topic: Type.String(),
  inviterId: Type.String(),
  memberCount: Type.Integer(),
  timestamp: Type.Integer(describe('when it came, in ms since 1970', '收到时间（毫秒）')),
});

async function invitation(account: Account, itsId: string): Promise<Static<typeof InvitationView>> {
  const none = () => new WechatError('NOT_FOUND', 'invitationNotFound', { id: itsId });
  const asked = account.call('roomInvitationPayload', (puppet) => puppet.roomInvitationPayload(itsId));
  const { topic, inviterId, memberCount, timestamp } = await existing(asked, none);
  return {
    id: itsId,
    topic: text(topic),
    inviterId: text(inviterId),
    memberCount: typeof memberCount === 'number' ? memberCount : 0,
    timestamp: milliseconds(timestamp),
  };
}

const roomInvitationAccept = command({
  name: 'roomInvitationAccept',
  summary: { 'en-US': 'accepts an invitation into a room', 'zh-CN': '接受入群邀请' },
  readOnly: false,
  params: Type.Object({ id }),
  result: Changed,
  run: async (bot, params) => {
    const account = bot.account();
    await invitation(account, params.id);
    await account.call(
      'roomInvitationAccept',
      (puppet) => puppet.roomInvitationAccept(params.id),
      callLimits.write,
    );
    account.joined(params.id);
    account.rooms.relist();
    return { id: params.id };
  },
});

const roomInvitationFindAll = command({
  name: 'roomInvitationFindAll',
  summary: {
    'en-US': 'lists the invitations that came since the login and were not accepted',
    'zh-CN': '获取登录以来收到且未接受的入群邀请',
  },
  readOnly: true,
  params: Type.Object({}),
  result: Type.Array(InvitationView),
  run: async (bot) => {
    const account = bot.account();
    const told = await Promise.allSettled(account.invitations.map((one) => invitation(account, one)));
    return told.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  },
});

const roomInvitationInviter = command({
  name: 'roomInvitationInviter',
  summary: { 'en-US': 'tells who invited the bot', 'zh-CN': '查询入群邀请人' },
  readOnly: true,
  params: Type.Object({ id }),
  result: ContactView,
  run: async (bot, params) => {
    const account = bot.account();
    const { inviterId } = await invitation(account, params.id);
    return contactView(inviterId, await account.contacts.byId(inviterId));
  },
});

export const roomInvitationCommands = [roomInvitationAccept, roomInvitationFindAll, roomInvitationInviter];
