/** Commands about friend requests. */
import Type from 'typebox';
import type { Puppet } from 'wechaty-puppet';
import { callTimeouts } from '../bot/account';
import { WechatError } from '../bot/errors';
import { contactView } from '../bot/view-mappers';
import { ContactView } from '../bot/views';
import { command } from './command';
import { resolveContact, orNotFound } from './resolve';
import {
  aliasOf,
  ChangedResult,
  contactRef,
  idParam,
  optionalString,
  requireParam,
  toList,
  withOneOf,
} from './shared-schemas';

const friendshipAdd = command({
  name: 'friendshipAdd',
  aliases: ['contactAdd'],
  summary: { 'en-US': 'sends a friend request', 'zh-CN': '添加好友' },
  readOnly: false,
  params: withOneOf(
    {
      ...contactRef,
      hello: optionalString('the greeting', '验证消息'),
      roomId: optionalString('the room in which the bot met the contact', '相识的群 id', {
        'x-kind': 'room',
      }),
    },
    contactRef,
  ),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveContact(account, params);
    const { hello, roomId } = params;
    const options = { hello: hello ?? '', ...(roomId ? { roomId } : {}) };
    await account.call('friendshipAdd', (puppet) => puppet.friendshipAdd(id, options), callTimeouts.write);
    return { id };
  },
});

const friendshipAccept = command({
  name: 'friendshipAccept',
  summary: { 'en-US': 'accepts a friend request', 'zh-CN': '通过好友申请' },
  readOnly: false,
  params: Type.Object({
    id: idParam(
      'the friend request: id of the friendship event',
      '好友申请 id，见 friendship 事件',
      'friend-request',
    ),
  }),
  result: ChangedResult,
  run: async (bot, { id }) => {
    const account = bot.account();
    const notFound = () => new WechatError('NOT_FOUND', 'friendshipNotFound', { id });
    const call = account.call('friendshipPayload', (puppet) => puppet.friendshipPayload(id));
    const { contactId } = await orNotFound(call, notFound);
    await account.call('friendshipAccept', (puppet) => puppet.friendshipAccept(id), callTimeouts.write);
    await account.refresh('Contact', contactId);
    return { id };
  },
});

const handle = optionalString('the WeChat number', '微信号');

const friendshipSearch = command({
  name: 'friendshipSearch',
  summary: {
    'en-US': 'finds a WeChat user by phone or WeChat number; null if there is none',
    'zh-CN': '按手机号或微信号搜索，没有则为 null',
  },
  readOnly: true,
  params: withOneOf({
    phone: optionalString('the phone number', '手机号'),
    handle,
    weixin: aliasOf('handle', handle),
  }),
  result: Type.Union([ContactView, Type.Null()]),
  run: async (bot, { phone, handle, weixin }) => {
    const account = bot.account();
    const [byPhone] = toList(phone);
    const number = byPhone ?? requireParam('handle', handle, weixin);
    const id = await (byPhone === undefined
      ? account.call('friendshipSearchHandle', (puppet) => searchHandle(puppet, number))
      : account.call('friendshipSearchPhone', (puppet) => puppet.friendshipSearchPhone(number)));
    if (!id) return null;
    // Some puppets know only the id of a non-friend.
    const contact = await account.contacts.byId(id).catch(() => undefined);
    return contactView(id, contact);
  },
});

/** Puppets from before 2022 have this method under another name. */
function searchHandle(puppet: Puppet, number: string): Promise<string | null> {
  return 'friendshipSearchHandle' in puppet
    ? puppet.friendshipSearchHandle(number)
    : (puppet as Puppet).friendshipSearchWeixin(number);
}

export const friendshipCommands = [friendshipAdd, friendshipAccept, friendshipSearch];
