/** Commands about friend requests. */
import Type from 'typebox';
import type { Puppet } from 'wechaty-puppet';
import { callTimeouts } from '../bot/account';
import { WechatError } from '../bot/errors';
import { contactView } from '../bot/view-mappers';
import { ContactView } from '../bot/views';
import { command } from './command';
import { resolveContact, orNotFound } from './resolve';
import { ChangedResult, toList, idParam, optionalString, requireParam, contactRef } from './shared-schemas';

const friendshipAdd = command({
  name: 'friendshipAdd',
  aliases: ['contactAdd'],
  summary: { 'en-US': 'asks somebody to be friends', 'zh-CN': '添加好友' },
  readOnly: false,
  params: Type.Object({
    ...contactRef,
    hello: optionalString('the greeting that goes with it', '附言'),
    roomId: optionalString('the room in which the bot met this contact', '相识的群 id'),
  }),
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
    id: idParam('the request, as the friendship event tells it', '好友申请 id，见 friendship 事件'),
  }),
  result: ChangedResult,
  run: async (bot, { id }) => {
    const account = bot.account();
    const notFound = () => new WechatError('NOT_FOUND', 'friendshipNotFound', { id });
    const call = account.call('friendshipPayload', (puppet) => puppet.friendshipPayload(id));
    await orNotFound(call, notFound);
    await account.call('friendshipAccept', (puppet) => puppet.friendshipAccept(id), callTimeouts.write);
    account.contacts.invalidateList();
    return { id };
  },
});

const friendshipSearch = command({
  name: 'friendshipSearch',
  summary: {
    'en-US': 'looks for somebody by phone or WeChat number; null when there is nobody',
    'zh-CN': '按手机号或微信号搜索，没有则为 null',
  },
  readOnly: true,
  params: Type.Object({
    phone: optionalString('the phone number', '手机号'),
    handle: optionalString('the WeChat number', '微信号'),
    weixin: optionalString('the same, older spelling', '同 handle（旧写法）'),
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
