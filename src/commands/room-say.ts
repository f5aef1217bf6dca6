/** Commands that send to rooms. */
import Type from 'typebox';
import { describe } from '../i18n/describe';
import { command } from './command';
import { prepareContent } from './content/content';
import { sendTo, sendToEach, SendResult, SentMessageResult } from './broadcast';
import { checkMentions, withMentions } from './content/mentions';
import { contentParams, mentionsParam, stringOrList } from './shared-schemas';

const room = Type.String({
  minLength: 1,
  ...describe('the room: id or topic', '群：id 或群名'),
  'x-kind': 'room',
});

const roomSay = command({
  name: 'roomSay',
  summary: {
    'en-US': 'sends a message to rooms; a text can mention members',
    'zh-CN': '向群发消息，文本可 @ 成员',
  },
  readOnly: false,
  params: Type.Object({
    rooms: stringOrList(
      'the rooms: ids or topics, or a /pattern/ for all that match',
      '群：id 或群名，/正则/ 则为所有匹配者',
      { 'x-kind': 'room' },
    ),
    ...contentParams,
    mentions: mentionsParam,
  }),
  result: SendResult,
  run: async (bot, params, context) => {
    const account = bot.account();
    const named = [params.mentions];
    const prepared = await prepareContent(bot, params, context);
    checkMentions(prepared, named);
    const find = (name: string) => account.rooms.findEachId(name);
    const contentFor = (id: string) => withMentions(account, id, prepared, named);
    return sendToEach(bot, [params.rooms], find, contentFor, context);
  },
});

const roomSayAt = command({
  name: 'roomSayAt',
  summary: { 'en-US': 'sends a text to a room and mentions members', 'zh-CN': '在群里 @ 成员发消息' },
  readOnly: false,
  params: Type.Object({ room, contacts: mentionsParam, ...contentParams }),
  result: SentMessageResult,
  run: async (bot, params, context) => {
    const account = bot.account();
    const named = [params.contacts];
    const prepared = await prepareContent(bot, params, context);
    checkMentions(prepared, named);
    const { id } = await account.rooms.findOne(params.room);
    const content = await withMentions(account, id, prepared, named);
    return sendTo(bot, id, content, context.ownMessageIn);
  },
});

const sendAt = command({
  name: 'sendAt',
  summary: {
    'en-US': 'sends a text to a room and mentions members (older form of roomSayAt)',
    'zh-CN': '在群里 @ 成员发文本（roomSayAt 的旧形式）',
  },
  readOnly: false,
  params: Type.Object({ room, toContacts: mentionsParam, ...contentParams }),
  result: SentMessageResult,
  run: (bot, { toContacts, ...params }, context) =>
    roomSayAt.run(bot, { ...params, contacts: toContacts }, context),
});

export const roomSayCommands = [roomSay, roomSayAt, sendAt];
