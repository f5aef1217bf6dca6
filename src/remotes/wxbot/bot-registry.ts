/** The bots behind one key: each is meant by its token, and what they hear goes to the same clients. */
import type { Bot } from '../../bot/bot';
import { runCommand } from '../../commands/run';
import { Commander, type CommandRules } from '../dispatch/command-dispatcher';
import type { RemoteListener } from '../remote';
import { matchesSecret } from '../http/login-rate-limiter';
import { type Audience, Feed } from './message-feed';
import type { Token } from './tokens';

/** How bots are found, which come and go with every deploy. */
export interface Bots {
  /** The only bot of this name or id, if it is deployed; of an empty name the one chosen in the form. */
  find(name: string): Bot | undefined;
  /** Told when others may be found; returns what ends that. */
  onChange(listener: () => void): () => void;
}

/** A bot that is meant, and the way to it. */
export interface Account {
  readonly bot: Bot;
  readonly commander: Commander;
}

interface Followed extends Account {
  readonly feed: Feed;
}

/** Keeps to the bots that tokens mean, from `start` to `stop`. */
export class Accounts {
  readonly #tokens: readonly Token[];
  readonly #bots: Bots;
  readonly #rules: CommandRules;
  readonly #listener: RemoteListener;
  readonly #audience: Audience;
  readonly #followed = new Map<Bot, Followed>();
  #missing: readonly string[] = [];
  #unlisten: () => void = () => undefined;

  /** @param audience is told what the bots hear. */
  constructor(
    tokens: readonly Token[],
    bots: Bots,
    rules: CommandRules,
    listener: RemoteListener,
    audience: Audience,
  ) {
    this.#tokens = tokens;
    this.#bots = bots;
    this.#rules = rules;
    this.#listener = listener;
    this.#audience = audience;
  }

  /** The names of bots that tokens mean and that are not deployed. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  start(): void {
    this.#unlisten = this.#bots.onChange(() => {
      this.#follow();
    });
    this.#follow();
  }

  stop(): void {
    this.#unlisten();
    for (const { feed } of this.#followed.values()) feed.close();
    this.#followed.clear();
  }

  /** The account a token means; takes as long whatever was given. `unknown` is no token of ours. */
  of(token: string): Account | 'unknown' | 'missing' {
    let name: string | undefined = this.#tokens.length === 0 ? '' : undefined;
    for (const one of this.#tokens) if (matchesSecret(one.token, token)) name = one.bot;
    if (name === undefined) return 'unknown';
    const bot = this.#bots.find(name);
    return (bot && this.#followed.get(bot)) ?? 'missing';
  }

  /** Begins with the bots that came and ends with those that went. */
  #follow(): void {
    const names = this.#tokens.length === 0 ? [''] : [...new Set(this.#tokens.map(({ bot }) => bot))];
    const found = names.map((name) => ({ name, bot: this.#bots.find(name) }));
    const wanted = new Set(found.flatMap(({ bot }) => bot ?? []));
    for (const [bot, { feed }] of this.#followed) {
      if (wanted.has(bot)) continue;
      feed.close();
      this.#followed.delete(bot);
    }
    for (const bot of wanted) if (!this.#followed.has(bot)) this.#followed.set(bot, this.#account(bot));
    this.#missing = found.flatMap(({ name, bot }) => (bot ? [] : name));
    this.#listener.changed();
  }

  #account(bot: Bot): Followed {
    const { files } = this.#rules;
    return {
      bot,
      commander: new Commander(bot, this.#rules, this.#listener),
      // Clients hear of everything; what they may call is another matter.
      feed: new Feed(bot, (command, params) => runCommand(bot, command, params, { files }), this.#audience),
    };
  }
}
