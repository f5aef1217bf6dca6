/** Adds mentions to a text in the form WeChat shows them. */
import type { Account } from '../../bot/account';
import { WechatError } from '../../bot/errors';
import { mentionEnd } from '../../bot/mentions';
import { contactView } from '../../bot/view-mappers';
import type { MemberView } from '../../bot/views';
import { type Content, textContent } from './content';
import { isNamed, type Names, resolveMember, singleNames } from '../resolve';

/** Whether this stands for all members. */
function isAll(name: string): boolean {
  return name.toLowerCase() === '@all';
}

/**
 * The text for one room, mentioning these members; `@all` mentions every member except the bot.
 * @throws WechatError INVALID_PARAMS (not a text, ambiguous), NOT_FOUND (not a member).
 */
export async function withMentions(
  account: Account,
  roomId: string,
  content: Content,
  parameters: readonly Names[],
): Promise<Content> {
  if (!isNamed(parameters)) return content;
  const find = (name: string) =>
    isAll(name) ? account.members.ids(roomId) : resolveMember(account, roomId, name);
  const names = await singleNames(parameters, find);
  if (names.some(isAll)) {
    const ids = await account.members.ids(roomId);
    return addMentions(
      content,
      ['all'],
      ids.filter((id) => id !== account.selfId),
    );
  }
  const members = await Promise.all(names.map((name) => resolveMember(account, roomId, name)));
  return addMentions(
    content,
    await Promise.all(members.map((member) => mentionName(account, member))),
    members.map(({ id }) => id),
  );
}

/** The name by which a member is mentioned; not every puppet returns names of members. */
export async function mentionName(account: Account, { id, roomAlias, name }: MemberView): Promise<string> {
  if (roomAlias || name) return roomAlias || name;
  const contact = await account.contacts.byId(id).catch(() => undefined);
  return contactView(id, contact).name || id;
}

/** @throws WechatError INVALID_PARAMS when there are mentions and the content is not a text. */
export function checkMentions(content: Content, parameters: readonly Names[]): void {
  if (isNamed(parameters) && content.text === undefined)
    throw new WechatError('INVALID_PARAMS', 'mentionNeedsText');
}

/** The text with these names prepended, mentioning these ids. */
export function addMentions({ text }: Content, names: readonly string[], ids: readonly string[]): Content {
  const marks = names.map((name) => `@${name}${mentionEnd}`).join('');
  return textContent(`${marks}${text ?? ''}`, ids);
}
