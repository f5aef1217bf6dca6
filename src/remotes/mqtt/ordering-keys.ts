/** Where commands say something, so that what goes to one conversation keeps its order. */
import type { Account } from '../../bot/account';
import type { Bot } from '../../bot/bot';
import type { WireCommand } from './codec/codec';

/** The parameters that say to whom something goes, by id or name. */
const recipients: Readonly<Record<string, readonly string[]>> = {
  contactSay: ['contacts'],
  roomSay: ['rooms'],
  roomSayAt: ['room'],
  sendAt: ['room'],
  send: ['toContacts'],
  messageForward: ['toContacts', 'to'],
};

/**
 * The conversations of a command: as it names them and, beside that, by the ids that can be told at once. Nobody is
 * asked, because whoever comes next would have to wait for the answer: a person nobody has named since the login is
 * not recognised by id and by name as the same.
 */
export function conversationsOf(bot: Bot, command: string, params: WireCommand['params']): string[] {
  const isReply = command === 'messageSay';
  const named = (isReply ? ['id'] : (recipients[command] ?? []))
    .flatMap((parameter) => params[parameter] ?? [])
    .filter((name) => typeof name === 'string');
  const account = named.length > 0 ? accountOf(bot) : undefined;
  if (!account) return named;
  const meant = named.flatMap((name) =>
    isReply
      ? (account.conversationOf(name) ?? [])
      : [...account.contacts.idsOf(name), ...account.rooms.idsOf(name)],
  );
  return [...new Set([...named, ...meant])];
}

/** Without an account every send fails, in whatever order. */
function accountOf(bot: Bot): Account | undefined {
  try {
    return bot.account();
  } catch {
    return undefined;
  }
}
