/** Ordering keys of commands: messages sent to one conversation keep their order. */
import type { Account } from '../../bot/account';
import type { Bot } from '../../bot/bot';
import type { WireCommand } from './codec/codec';

/** The parameters that name the recipients, by id or name. */
const recipientParams: Readonly<Record<string, readonly string[]>> = {
  contactSay: ['contacts'],
  roomSay: ['rooms'],
  roomSayAt: ['room'],
  sendAt: ['room'],
  send: ['toContacts'],
  messageForward: ['toContacts', 'to'],
};

/**
 * The ordering keys of a command: its recipients as given, and their ids as far as these are cached. The puppet is not
 * called, because later commands would have to wait for it: a contact that has not been resolved since login counts as
 * two recipients when one command has its id and another its name.
 */
export function orderingKeysOf(bot: Bot, command: string, params: WireCommand['params']): string[] {
  const isReply = command === 'messageSay';
  const named = (isReply ? ['id'] : (recipientParams[command] ?? []))
    .flatMap((parameter) => params[parameter] ?? [])
    .filter((name) => typeof name === 'string');
  const account = named.length > 0 ? accountOf(bot) : undefined;
  if (!account) return named;
  const ids = named.flatMap((name) =>
    isReply
      ? (account.conversationOf(name) ?? [])
      : [...account.contacts.cachedIdsByName(name), ...account.rooms.cachedIdsByName(name)],
  );
  return [...new Set([...named, ...ids])];
}

/** Without an account every send fails, so that order does not matter. */
function accountOf(bot: Bot): Account | undefined {
  try {
    return bot.account();
  } catch {
    return undefined;
  }
}
