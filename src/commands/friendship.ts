/** Commands about becoming friends. */
import Type from 'typebox';
import type { Puppet } from 'wechaty-puppet';
import { callLimits } from '../bot/account';
import { WechatError } from '../bot/errors';
import { contactView } from '../bot/view-mappers';
import { ContactView } from '../bot/views';
import { command } from './command';
import { contactIn, existing } from './resolve';
import { Changed, items, itsId, maybe, needed, whichContact } from './shared-schemas';

const friendshipAdd = command({
  name: 'friendshipAdd',
  aliases: ['contactAdd'],
  summary: { 'en-US': 'asks somebody to be friends', 'zh-CN': '添加好友' },
  readOnly: false,
  params: Type.Object({
    ...whichContact,
    hello: maybe('the greeting that goes with it', '附言'),
    roomId: maybe('the room in which the bot met this contact', '相识的群 id'),
  }),
  result: Changed,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await contactIn(account, params);
    const { hello, roomId } = params;
    const options = { hello: hello ?? '', ...(roomId ? { roomId } : {}) };
    await account.call('friendshipAdd', (puppet) => puppet.friendshipAdd(id, options), callLimits.write);
    return { id };
  },
});

const friendshipAccept = command({
  name: 'friendshipAccept',
  summary: { 'en-US': 'accepts a friend request', 'zh-CN': '通过好友请求' },
  readOnly: false,
  params: Type.Object({
    id: itsId('the request, as the friendship event tells it', '好友请求 id，见 friendship 事件'),
  }),
  result: Changed,
  run: async (bot, { id }) => {
    const account = bot.account();
    const none = () => new WechatError('NOT_FOUND', 'friendshipNotFound', { id });
    const asked = account.call('friendshipPayload', (puppet) => puppet.friendshipPayload(id));
    await existing(asked, none);
    await account.call('friendshipAccept', (puppet) => puppet.friendshipAccept(id), callLimits.write);
    account.contacts.relist();
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
    phone: maybe('the phone number', '手机号'),
    handle: maybe('the WeChat number', '微信号'),
    weixin: maybe('the same, older spelling', '同 handle（旧写法）'),
  }),
  result: Type.Union([ContactView, Type.Null()]),
  run: async (bot, { phone, handle, weixin }) => {
    const account = bot.account();
    const [byPhone] = items(phone);
    const number = byPhone ?? needed('handle', handle, weixin);
    const id = await (byPhone === undefined
      ? account.call('friendshipSearchHandle', (puppet) => searchHandle(puppet, number))
      : account.call('friendshipSearchPhone', (puppet) => puppet.friendshipSearchPhone(number)));
    if (!id) return null;
    // Of strangers some puppets tell no more than the id.
    const contact = await account.contacts.byId(id).catch(() => undefined);
    return contactView(id, contact);
  },
});

/** Puppets made before 2022 know this by another name. */
function searchHandle(puppet: Puppet, number: string): Promise<string | null> {
  return 'friendshipSearchHandle' in puppet
    ? puppet.friendshipSearchHandle(number)
    : (puppet as Puppet).friendshipSearchWeixin(number);
}

export const friendshipCommands = [friendshipAdd, friendshipAccept, friendshipSearch];
