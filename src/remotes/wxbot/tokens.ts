/** Tokens, each of which stands for a bot. */

/** A token and its bot. */
export interface Token {
  readonly token: string;
  /** The name or id of a bot node; empty: the bot chosen in the form. */
  readonly bot: string;
}

/**
 * Parses the tokens of the form: one a line (or separated by commas), alone for the bot chosen in the form, or as
 * `token = bot` with the name or id of another.
 */
export function parseTokens(text: string): Token[] {
  return text
    .split(/[\n,，;；]/)
    .map((line): Token => {
      // A token may end with = itself, as Base64 does.
      const [, token = line, bot = ''] = /^(.+?)\s*=\s*([^=]+)$/.exec(line) ?? [];
      return { token: token.trim(), bot: bot.trim() };
    })
    .filter(({ token }) => token !== '');
}
