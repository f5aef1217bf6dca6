/** Commands about contacts. */
import { FileBox } from 'file-box';
import Type from 'typebox';
import { callLimits } from '../bot/account';
import { contactView } from '../bot/view-mappers';
import { ContactView, describe } from '../bot/views';
import { command } from './command';
import { prepareContent } from './content/content';
import { sendToEach, Sent } from './broadcast';
import { fileFrom } from './content/file-input';
import { fileOf } from './content/file-output';
import { contactIn } from './resolve';
import {
  Changed,
  content,
  FileView,
  items,
  listOf,
  maybe,
  needed,
  pageOf,
  paging,
  whichContact,
} from './shared-schemas';

const search = {
  id: whichContact.id,
  alias: maybe('the same', '同 id'),
  name: maybe('the same', '同 id'),
  query: maybe('the same', '同 id'),
};

const removable = (en: string, zh: string) => Type.Union([Type.String(), Type.Null()], describe(en, zh));

const contactFind = command({
  name: 'contactFind',
  summary: {
    'en-US': 'finds a contact by id, alias or name; null when there is none',
    'zh-CN': '按 id、备注名或昵称查找联系人，没有则为 null',
  },
  readOnly: true,
  params: Type.Object(search),
  result: Type.Union([ContactView, Type.Null()]),
  run: async (bot, { id, alias, name, query }) => {
    const { contacts } = bot.account();
    const wanted = needed('id', id, alias, name, query);
    const [first, ...others] = await contacts.find(wanted);
    if (!first) return null;
    const found = others.length > 0 ? await contacts.one(wanted) : first;
    return contactView(found.id, found);
  },
});

const contactFindAll = command({
  name: 'contactFindAll',
  summary: {
    'en-US': 'lists all contacts, or those with a name or a /pattern/',
    'zh-CN': '获取联系人列表，可按名称或 /正则/ 筛选',
  },
  readOnly: true,
  params: Type.Object({ ...search, ...paging }),
  result: Type.Array(ContactView),
  run: async (bot, { id, alias, name, query, ...page }) => {
    const { contacts } = bot.account();
    const [wanted] = items(id, alias, name, query);
    const found = await (wanted === undefined ? contacts.all() : contacts.find(wanted));
    return pageOf(found, page).map((contact) => contactView(contact.id, contact));
  },
});

const contactSay = command({
  name: 'contactSay',
  summary: { 'en-US': 'sends something to contacts', 'zh-CN': '向联系人发消息' },
  readOnly: false,
  params: Type.Object({
    contacts: listOf(
      'to whom: ids, aliases or names, or a /pattern/ for all it matches',
      '接收者：id、备注名或昵称，/正则/ 则为所有匹配者',
    ),
    ...content,
  }),
  result: Sent,
  run: async (bot, params, context) => {
    const account = bot.account();
    const prepared = await prepareContent(bot, params, context);
    const find = async (name: string) => (await account.contacts.each(name)).map(({ id }) => id);
    return sendToEach(bot, items(params.contacts), find, () => prepared, context);
  },
});

const contactAliasGet = command({
  name: 'contactAliasGet',
  summary: { 'en-US': "gets a contact's alias (remark)", 'zh-CN': '获取联系人备注名' },
  readOnly: true,
  params: Type.Object(whichContact),
  result: Type.Object({ id: Type.String(), alias: Type.String(describe('empty when none', '没有则为空')) }),
  run: async (bot, params) => {
    const contact = await contactIn(bot.account(), params);
    return { id: contact.id, alias: contactView(contact.id, contact).alias };
  },
});

const contactAliasSet = command({
  name: 'contactAliasSet',
  aliases: ['contacAliasSet'],
  summary: { 'en-US': "sets or removes a contact's alias (remark)", 'zh-CN': '设置或清除联系人备注名' },
  readOnly: false,
  params: Type.Object({
    ...whichContact,
    alias: removable('empty or null removes it', '为空或 null 则清除'),
  }),
  result: Changed,
  run: async (bot, { alias, ...which }) => {
    const account = bot.account();
    const { id } = await contactIn(account, which);
    await account.call(
      'contactAlias',
      (puppet) => puppet.contactAlias(id, alias === '' ? null : alias),
      callLimits.write,
    );
    account.contacts.forget(id);
    return { id };
  },
});

const contactAvatarGet = command({
  name: 'contactAvatarGet',
  summary: { 'en-US': "gets a contact's picture", 'zh-CN': '获取联系人头像' },
  readOnly: true,
  params: Type.Object(whichContact),
  result: FileView,
  run: async (bot, params, { files }) => {
    const account = bot.account();
    const { id } = await contactIn(account, params);
    return fileOf(account, 'contactAvatar', (puppet) => puppet.contactAvatar(id), files.maxBytes);
  },
});

const contactAvatarSet = command({
  name: 'contactAvatarSet',
  summary: { 'en-US': "changes the bot's own picture", 'zh-CN': '修改机器人头像' },
  readOnly: false,
  params: Type.Object({
    ...whichContact,
    avatar: Type.Unknown(
      describe(
        'the picture, given as the content of an Image is; id may be left out',
        '图片，写法同 Image 类型的内容；id 可省略',
      ),
    ),
    filename: content.filename,
  }),
  result: Changed,
  run: async (bot, { avatar, filename, ...which }, context) => {
    const account = bot.account();
    const isNamed = items(which.id, which.contactId).length > 0;
    const id = isNamed ? (await contactIn(account, which)).id : account.selfId;
    const { data, name } = await fileFrom(avatar, 'Image', filename, context);
    const box = FileBox.fromBuffer(data, name);
    await account.call('contactAvatarSet', (puppet) => puppet.contactAvatar(id, box), callLimits.send);
    return { id };
  },
});

const contactPhoneSet = command({
  name: 'contactPhoneSet',
  summary: { 'en-US': "sets a contact's phone numbers", 'zh-CN': '设置联系人电话' },
  readOnly: false,
  params: Type.Object({ ...whichContact, phones: listOf('none removes them', '为空则清除') }),
  result: Changed,
  run: async (bot, { phones, ...which }) => {
    const account = bot.account();
    const { id } = await contactIn(account, which);
    await account.call('contactPhone', (puppet) => puppet.contactPhone(id, items(phones)), callLimits.write);
    return { id };
  },
});

const contactCorporationRemarkSet = command({
  name: 'contactCorporationRemarkSet',
  summary: {
    'en-US': "sets or removes the remark on a contact's company",
    'zh-CN': '设置或清除联系人企业备注',
  },
  readOnly: false,
  params: Type.Object({
    ...whichContact,
    remark: removable('empty or null removes it', '为空或 null 则清除'),
  }),
  result: Changed,
  run: async (bot, { remark, ...which }) => {
    const account = bot.account();
    const { id } = await contactIn(account, which);
    const value = remark === '' ? null : remark;
    await account.call(
      'contactCorporationRemark',
      (puppet) => puppet.contactCorporationRemark(id, value),
      callLimits.write,
    );
    return { id };
  },
});

const contactDescriptionSet = command({
  name: 'contactDescriptionSet',
  summary: { 'en-US': "sets or removes a contact's description", 'zh-CN': '设置或清除联系人描述' },
  readOnly: false,
  params: Type.Object({
    ...whichContact,
    description: removable('empty or null removes it', '为空或 null 则清除'),
  }),
  result: Changed,
  run: async (bot, { description, ...which }) => {
    const account = bot.account();
    const { id } = await contactIn(account, which);
    const value = description === '' ? null : description;
    await account.call(
      'contactDescription',
      (puppet) => puppet.contactDescription(id, value),
      callLimits.write,
    );
    return { id };
  },
});

const contactSync = command({
  name: 'contactSync',
  summary: { 'en-US': 'reads a contact anew from WeChat', 'zh-CN': '从微信重新读取联系人' },
  readOnly: true,
  params: Type.Object(whichContact),
  result: ContactView,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await contactIn(account, params);
    await account.call('contactPayloadDirty', (puppet) => puppet.contactPayloadDirty(id));
    account.contacts.forget(id);
    return contactView(id, await account.contacts.byId(id));
  },
});

export const contactCommands = [
  contactFind,
  contactFindAll,
  contactSay,
  contactAliasGet,
  contactAliasSet,
  contactAvatarGet,
  contactAvatarSet,
  contactPhoneSet,
  contactCorporationRemarkSet,
  contactDescriptionSet,
  contactSync,
];
