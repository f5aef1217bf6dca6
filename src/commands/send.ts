/** The command that sends to contacts and rooms alike. */
import Type from 'typebox';
import { command } from './command';
import { prepareContent } from './content/content';
import { sendToEach, SendResult } from './broadcast';
import { resolveRecipients } from './resolve';
import { contentParams, stringOrList } from './shared-schemas';

/** Recipients: contacts or rooms. */
export const toContacts = stringOrList(
  'the recipients: contacts and rooms by id or name; a contact precedes a room of the same name',
  '接收者：联系人或群的 id 或名称；同名时优先联系人',
  { 'x-kind': 'conversation' },
);

const send = command({
  name: 'send',
  summary: { 'en-US': 'sends a message to contacts and rooms', 'zh-CN': '向联系人和群发消息' },
  readOnly: false,
  params: Type.Object({ toContacts, ...contentParams }),
  result: SendResult,
  run: async (bot, params, context) => {
    const account = bot.account();
    const prepared = await prepareContent(bot, params, context);
    const find = (name: string) => resolveRecipients(account, name);
    return sendToEach(bot, [params.toContacts], find, () => prepared, context);
  },
});

export const sendCommands = [send];
