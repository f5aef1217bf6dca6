/**
 * Mentions in the text of a message. WeChat writes `@name` and a FOUR-PER-EM SPACE; many puppets do not return the ids
 * of those who were mentioned.
 */

/** WeChat ends a mention with this space. */
export const mentionEnd = '\u2005';

/** The names of everyone in a room, in the languages of WeChat. */
const everyone = ['所有人', 'all', 'All', 'ALL'];

/** A mention of someone whose name is not known. Bounded, as names are, so that it takes linear time. */
const anyMention = /@[^@\u2005\n]{1,64}\u2005/gu;

/** Whether a text mentions everyone in the room. */
export function mentionsEveryone(text: string): boolean {
  return mentionsOneOf(text, everyone);
}

/** Whether a text mentions one of these names, which may contain spaces. */
export function mentionsOneOf(text: string, names: readonly string[]): boolean {
  return names.some((name) => mentionPositions(text, name).length > 0);
}

/** The text without mentions, trimmed. @param names names that may stand at its end, without the space. */
export function withoutMentions(text: string, names: readonly string[]): string {
  if (!text.includes('@')) return text.trim();
  let rest = text;
  for (const name of [...names, ...everyone]) {
    for (const position of mentionPositions(rest, name).reverse()) {
      rest = rest.slice(0, position) + rest.slice(position + name.length + 2);
    }
  }
  return rest.replace(anyMention, '').trim();
}

/** Where `@name` stands, before the space or at the end: puppets trim texts. */
function mentionPositions(text: string, name: string): number[] {
  const positions: number[] = [];
  if (name === '') return positions;
  const mark = `@${name}`;
  for (let start = text.indexOf(mark); start >= 0; start = text.indexOf(mark, start + 1)) {
    const next = text[start + mark.length];
    if (next === mentionEnd || next === undefined) positions.push(start);
  }
  return positions;
}
