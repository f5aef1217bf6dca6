/** Commands about tags, WeChat's labels of contacts. */
import Type from 'typebox';
import { callTimeouts } from '../bot/account';
import { describe } from '../i18n/describe';
import { command } from './command';
import { resolveContact } from './resolve';
import { ChangedResult, contactRef, toList, withOneOf } from './shared-schemas';

const tag = Type.String({ minLength: 1, ...describe('the tag', '标签'), 'x-kind': 'tag' });

const tagAdd = command({
  name: 'tagAdd',
  summary: { 'en-US': 'adds a tag to a contact', 'zh-CN': '给联系人添加标签' },
  readOnly: false,
  params: withOneOf({ tag, ...contactRef }, contactRef),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveContact(account, params);
    await account.call('tagContactAdd', (puppet) => puppet.tagContactAdd(params.tag, id), callTimeouts.write);
    return { id };
  },
});

const tagRemove = command({
  name: 'tagRemove',
  summary: { 'en-US': 'removes a tag from a contact', 'zh-CN': '移除联系人的标签' },
  readOnly: false,
  params: withOneOf({ tag, ...contactRef }, contactRef),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveContact(account, params);
    await account.call(
      'tagContactRemove',
      (puppet) => puppet.tagContactRemove(params.tag, id),
      callTimeouts.write,
    );
    return { id };
  },
});

const tagDelete = command({
  name: 'tagDelete',
  summary: { 'en-US': 'deletes a tag', 'zh-CN': '删除标签' },
  readOnly: false,
  params: Type.Object({ tag }),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    await account.call(
      'tagContactDelete',
      (puppet) => puppet.tagContactDelete(params.tag),
      callTimeouts.write,
    );
    return { id: params.tag };
  },
});

const tagFindAll = command({
  name: 'tagFindAll',
  summary: { 'en-US': 'lists all tags, or those of a contact', 'zh-CN': '获取全部标签或某联系人的标签' },
  readOnly: true,
  params: Type.Object(contactRef),
  result: Type.Array(Type.String()),
  run: async (bot, params) => {
    const account = bot.account();
    if (toList(params.id, params.contactId).length === 0) {
      return account.call('tagContactList', (puppet) => puppet.tagContactList());
    }
    const { id } = await resolveContact(account, params);
    return account.call('tagContactList', (puppet) => puppet.tagContactList(id));
  },
});

export const tagCommands = [tagAdd, tagRemove, tagDelete, tagFindAll];
