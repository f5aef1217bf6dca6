/** Which texts of a filter are one name although they contain separators, which only the directory of the bot knows. */
import type { Bot } from '../../bot/bot';
import { splitNames } from '../../util/name-list';
import type { NameTexts } from '../shared/property-types';

/** The directories in which names are looked up. */
export type NameKind = 'contacts' | 'rooms';

/** Events that bring or rename contacts and rooms. */
const renamingEvents = new Set(['friendship', 'room-join', 'room-topic']);

/** The texts of one filter. Until they are looked up, after each login, none counts as one name. */
export class WholeNames {
  readonly #bot: Bot;
  readonly #texts: readonly (readonly [NameKind, string])[];
  readonly #found = new Set<string>();

  constructor(bot: Bot, texts: Readonly<Record<NameKind, NameTexts>>) {
    this.#bot = bot;
    this.#texts = (['contacts', 'rooms'] as const).flatMap((kind) => {
      const text = texts[kind];
      return typeof text === 'string' && splitNames(text).length > 1 ? [[kind, text.trim()] as const] : [];
    });
  }

  /** Whether a contact or room has exactly this text as its name. */
  has(kind: NameKind, text: string): boolean {
    return this.#found.has(`${kind} ${text}`);
  }

  /** Looks the texts up now and whenever names may have changed. @returns a function that ends this. */
  start(): () => void {
    if (this.#texts.length === 0) return () => undefined;
    void this.lookUp();
    const ends = [
      this.#bot.on('state', ({ name }) => {
        if (name === 'ready') void this.lookUp();
      }),
      this.#bot.on('event', ({ event }) => {
        if (renamingEvents.has(event)) void this.lookUp();
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  /** Looks the texts up. Never rejects: what cannot be looked up stays as it was. */
  async lookUp(): Promise<void> {
    if (this.#bot.state.name !== 'ready') return;
    const account = this.#bot.account();
    await Promise.allSettled(
      this.#texts.map(async ([kind, text]) => {
        const found = await account[kind].find(text);
        if (found.length > 0) this.#found.add(`${kind} ${text}`);
        else this.#found.delete(`${kind} ${text}`);
      }),
    );
  }
}
