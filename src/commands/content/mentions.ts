/** Puts mentions before a text, the way WeChat shows them. */
import type { Account } from '../../bot/account';
import { WechatError } from '../../bot/errors';
import { type Content, textContent } from './content';
import { memberNamed } from '../resolve';

/** WeChat ends the name of somebody mentioned with this space, a fourth of an em wide. */
const afterName = '\u2005';

/**
 * The same text for one room, mentioning those named there, or everybody but the bot for `@all`.
 * @throws WechatError INVALID_PARAMS (not a text, ambiguous), NOT_FOUND (not a member).
 */
export async function withMentions(
  account: Account,
  roomId: string,
  content: Content,
  names: readonly string[],
): Promise<Content> {
  if (names.length === 0) return content;
  if (names.some((name) => name.toLowerCase() === '@all')) {
    const ids = await account.members.ids(roomId);
    return mentioning(
      content,
      ['all'],
      ids.filter((id) => id !== account.selfId),
    );
  }
  const members = await Promise.all(names.map((name) => memberNamed(account, roomId, name)));
  return mentioning(
    content,
    members.map(({ roomAlias, name }) => roomAlias || name),
    members.map(({ id }) => id),
  );
}

/** @throws WechatError INVALID_PARAMS when there is something to mention, and the content is no text. */
export function checkMentions(content: Content, names: readonly string[]): void {
  if (names.length > 0 && content.text === undefined)
    throw new WechatError('INVALID_PARAMS', 'mentionNeedsText');
}

/** A text with these names before it, mentioning these ids. */
export function mentioning({ text }: Content, names: readonly string[], ids: readonly string[]): Content {
  const marks = names.map((name) => `@${name}${afterName}`).join('');
  return textContent(`${marks}${text ?? ''}`, ids);
}
