/** Commands about tags, the labels by which contacts are sorted. */
import Type from 'typebox';
import { callLimits } from '../bot/account';
import { describe } from '../bot/views';
import { command } from './command';
import { contactIn } from './resolve';
import { Changed, items, whichContact } from './shared-schemas';

const tag = Type.String({ minLength: 1, ...describe('the tag', '标签') });

const tagAdd = command({
  name: 'tagAdd',
  summary: { 'en-US': 'puts a tag on a contact', 'zh-CN': '给联系人添加标签' },
  readOnly: false,
  params: Type.Object({ tag, ...whichContact }),
  result: Changed,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await contactIn(account, params);
    await account.call('tagContactAdd', (puppet) => puppet.tagContactAdd(params.tag, id), callLimits.write);
    return { id };
  },
});

const tagRemove = command({
  name: 'tagRemove',
  summary: { 'en-US': 'takes a tag off a contact', 'zh-CN': '移除联系人的标签' },
  readOnly: false,
  params: Type.Object({ tag, ...whichContact }),
  result: Changed,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await contactIn(account, params);
    await account.call(
      'tagContactRemove',
      (puppet) => puppet.tagContactRemove(params.tag, id),
      callLimits.write,
    );
    return { id };
  },
});

const tagDelete = command({
  name: 'tagDelete',
  summary: { 'en-US': 'deletes a tag', 'zh-CN': '删除标签' },
  readOnly: false,
  params: Type.Object({ tag }),
  result: Changed,
  run: async (bot, params) => {
    const account = bot.account();
    await account.call('tagContactDelete', (puppet) => puppet.tagContactDelete(params.tag), callLimits.write);
    return { id: params.tag };
  },
});

const tagFindAll = command({
  name: 'tagFindAll',
  summary: { 'en-US': 'lists all tags, or those of a contact', 'zh-CN': '获取全部标签或某联系人的标签' },
  readOnly: true,
  params: Type.Object(whichContact),
  result: Type.Array(Type.String()),
  run: async (bot, params) => {
    const account = bot.account();
    if (items(params.id, params.contactId).length === 0) {
      return account.call('tagContactList', (puppet) => puppet.tagContactList());
    }
    const { id } = await contactIn(account, params);
    return account.call('tagContactList', (puppet) => puppet.tagContactList(id));
  },
});

export const tagCommands = [tagAdd, tagRemove, tagDelete, tagFindAll];
