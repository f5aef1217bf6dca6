/** Commands about contacts. */
import { FileBox } from 'file-box';
import Type from 'typebox';
import { callTimeouts } from '../bot/account';
import { contactView } from '../bot/view-mappers';
import { ContactView } from '../bot/views';
import { describe } from '../i18n/describe';
import { command } from './command';
import { prepareContent } from './content/content';
import { sendToEach, SendResult } from './broadcast';
import { loadFile } from './content/file-input';
import { readFileBox } from './content/file-output';
import { resolveContact } from './resolve';
import {
  aliasOf,
  ChangedResult,
  contactRef,
  contentParams,
  FileView,
  partOf,
  pagingParams,
  requireParam,
  stringOrList,
  toList,
  withOneOf,
} from './shared-schemas';

const search = {
  id: contactRef.id,
  alias: aliasOf('id', contactRef.id),
  name: aliasOf('id', contactRef.id),
  query: aliasOf('id', contactRef.id),
};

const removable = (en: string, zh: string) => Type.Union([Type.String(), Type.Null()], describe(en, zh));

const contactFind = command({
  name: 'contactFind',
  summary: {
    'en-US': 'finds a contact by id, alias or name; null if there is none',
    'zh-CN': '按 id、备注或昵称查找联系人，没有则为 null',
  },
  readOnly: true,
  params: withOneOf(search),
  result: Type.Union([ContactView, Type.Null()]),
  run: async (bot, { id, alias, name, query }) => {
    const { contacts } = bot.account();
    const searched = requireParam('id', id, alias, name, query);
    const [first, ...others] = await contacts.find(searched, { limit: 2 });
    if (!first) return null;
    const found = others.length > 0 ? await contacts.findOne(searched) : first;
    return contactView(found.id, found);
  },
});

const contactFindAll = command({
  name: 'contactFindAll',
  summary: {
    'en-US': 'lists all contacts, or those that match a name or a /pattern/',
    'zh-CN': '获取联系人列表，可按名称或 /正则/ 筛选',
  },
  readOnly: true,
  params: Type.Object({ ...search, ...pagingParams }),
  result: Type.Array(ContactView),
  run: async (bot, { id, alias, name, query, ...page }) => {
    const { contacts } = bot.account();
    const [searched] = toList(id, alias, name, query);
    const part = partOf(page);
    const found = await (searched === undefined ? contacts.all(part) : contacts.find(searched, part));
    return found.map((contact) => contactView(contact.id, contact));
  },
});

const contactSay = command({
  name: 'contactSay',
  summary: { 'en-US': 'sends a message to contacts', 'zh-CN': '向联系人发消息' },
  readOnly: false,
  params: Type.Object({
    contacts: stringOrList(
      'the recipients: ids, aliases or names, or a /pattern/ for all that match',
      '接收者：id、备注或昵称，/正则/ 则为所有匹配者',
      { 'x-kind': 'contact' },
    ),
    ...contentParams,
  }),
  result: SendResult,
  run: async (bot, params, context) => {
    const account = bot.account();
    const prepared = await prepareContent(bot, params, context);
    const find = (name: string) => account.contacts.findEachId(name);
    return sendToEach(bot, [params.contacts], find, () => prepared, context);
  },
});

const contactAliasGet = command({
  name: 'contactAliasGet',
  summary: { 'en-US': "gets a contact's alias (remark)", 'zh-CN': '获取联系人备注' },
  readOnly: true,
  params: withOneOf(contactRef),
  result: Type.Object({ id: Type.String(), alias: Type.String(describe('empty if none', '没有则为空')) }),
  run: async (bot, params) => {
    const contact = await resolveContact(bot.account(), params);
    return { id: contact.id, alias: contactView(contact.id, contact).alias };
  },
});

const contactAliasSet = command({
  name: 'contactAliasSet',
  aliases: ['contacAliasSet'],
  summary: { 'en-US': "sets or removes a contact's alias (remark)", 'zh-CN': '设置或清除联系人备注' },
  readOnly: false,
  params: withOneOf(
    { ...contactRef, alias: removable('empty or null removes it', '为空或 null 则清除') },
    contactRef,
  ),
  result: ChangedResult,
  run: async (bot, { alias, ...which }) => {
    const account = bot.account();
    const { id } = await resolveContact(account, which);
    await account.call(
      'contactAlias',
      (puppet) => puppet.contactAlias(id, alias === '' ? null : alias),
      callTimeouts.write,
    );
    await account.refresh('Contact', id);
    return { id };
  },
});

const contactAvatarGet = command({
  name: 'contactAvatarGet',
  summary: { 'en-US': "gets a contact's avatar", 'zh-CN': '获取联系人头像' },
  readOnly: true,
  params: withOneOf(contactRef),
  result: FileView,
  run: async (bot, params, { files }) => {
    const account = bot.account();
    const { id } = await resolveContact(account, params);
    return readFileBox(account, 'contactAvatar', (puppet) => puppet.contactAvatar(id), files.maxBytes);
  },
});

const contactAvatarSet = command({
  name: 'contactAvatarSet',
  summary: { 'en-US': "changes the bot's avatar", 'zh-CN': '修改机器人头像' },
  readOnly: false,
  params: Type.Object({
    ...contactRef,
    avatar: Type.Unknown({
      ...describe(
        'the image, in any form that the content of an Image has; id is optional',
        '图片，写法同 Image 类型的内容；id 可省略',
      ),
      'x-kind': 'file',
    }),
    filename: contentParams.filename,
  }),
  result: ChangedResult,
  run: async (bot, { avatar, filename, ...which }, context) => {
    const account = bot.account();
    const isNamed = toList(which.id, which.contactId).length > 0;
    const id = isNamed ? (await resolveContact(account, which)).id : account.selfId;
    const { data, name } = await loadFile(avatar, 'Image', filename, context);
    const box = FileBox.fromBuffer(data, name);
    await account.call('contactAvatarSet', (puppet) => puppet.contactAvatar(id, box), callTimeouts.send);
    await account.refresh('Contact', id);
    return { id };
  },
});

const contactPhoneSet = command({
  name: 'contactPhoneSet',
  summary: { 'en-US': "sets a contact's phone numbers", 'zh-CN': '设置联系人电话' },
  readOnly: false,
  params: withOneOf(
    { ...contactRef, phones: Type.Optional(stringOrList('an empty list removes them', '为空则清除')) },
    contactRef,
  ),
  result: ChangedResult,
  run: async (bot, { phones, ...which }) => {
    const account = bot.account();
    const { id } = await resolveContact(account, which);
    await account.call(
      'contactPhone',
      (puppet) => puppet.contactPhone(id, toList(phones)),
      callTimeouts.write,
    );
    await account.refresh('Contact', id);
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
  params: withOneOf(
    { ...contactRef, remark: removable('empty or null removes it', '为空或 null 则清除') },
    contactRef,
  ),
  result: ChangedResult,
  run: async (bot, { remark, ...which }) => {
    const account = bot.account();
    const { id } = await resolveContact(account, which);
    const value = remark === '' ? null : remark;
    await account.call(
      'contactCorporationRemark',
      (puppet) => puppet.contactCorporationRemark(id, value),
      callTimeouts.write,
    );
    await account.refresh('Contact', id);
    return { id };
  },
});

const contactDescriptionSet = command({
  name: 'contactDescriptionSet',
  summary: { 'en-US': "sets or removes a contact's description", 'zh-CN': '设置或清除联系人描述' },
  readOnly: false,
  params: withOneOf(
    { ...contactRef, description: removable('empty or null removes it', '为空或 null 则清除') },
    contactRef,
  ),
  result: ChangedResult,
  run: async (bot, { description, ...which }) => {
    const account = bot.account();
    const { id } = await resolveContact(account, which);
    const value = description === '' ? null : description;
    await account.call(
      'contactDescription',
      (puppet) => puppet.contactDescription(id, value),
      callTimeouts.write,
    );
    await account.refresh('Contact', id);
    return { id };
  },
});

const contactSync = command({
  name: 'contactSync',
  summary: { 'en-US': 'reloads a contact from WeChat', 'zh-CN': '从微信重新读取联系人' },
  readOnly: true,
  params: withOneOf(contactRef),
  result: ContactView,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveContact(account, params);
    await account.call('contactPayloadDirty', (puppet) => puppet.contactPayloadDirty(id));
    await account.refresh('Contact', id);
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
