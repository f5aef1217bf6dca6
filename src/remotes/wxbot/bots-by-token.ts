/** The bots of one remote, found by token; the messages of all go to the same subscribers. */
import type { Bot } from '../../bot/bot';
import { CommandDispatcher, type RemotePolicy } from '../dispatch/command-dispatcher';
import type { RemoteHost } from '../remote';
import { indexOfSecret } from '../http/secret-compare';
import { type Subscribers, MessageFeed } from './message-feed';
import type { Token } from './tokens';

/** Finds deployed bots. */
export interface BotLookup {
  /** The deployed bot with this name or id, if it is unique; for an empty name the bot chosen in the form. */
  find(name: string): Bot | undefined;
  /** Calls the listener when bots are deployed or removed. @returns a function that unsubscribes it. */
  onChange(listener: () => void): () => void;
}

/** A bot and its command dispatcher. */
export interface RegisteredBot {
  readonly bot: Bot;
  readonly dispatcher: CommandDispatcher;
}

interface BotEntry extends RegisteredBot {
  readonly feed: MessageFeed;
}

/** Follows the deployed bots of a list of tokens, from `start` to `stop`. */
export class BotsByToken {
  readonly #tokens: readonly Token[];
  readonly #secrets: readonly string[];
  readonly #lookup: BotLookup;
  readonly #policy: RemotePolicy;
  readonly #host: RemoteHost;
  readonly #subscribers: Subscribers;
  readonly #entries = new Map<Bot, BotEntry>();
  #missing: readonly string[] = [];
  #unlisten: () => void = () => undefined;

  /** @param subscribers receive the messages of all bots. */
  constructor(
    tokens: readonly Token[],
    lookup: BotLookup,
    policy: RemotePolicy,
    host: RemoteHost,
    subscribers: Subscribers,
  ) {
    this.#tokens = tokens;
    this.#secrets = tokens.map(({ token }) => token);
    this.#lookup = lookup;
    this.#policy = policy;
    this.#host = host;
    this.#subscribers = subscribers;
  }

  /** The names of configured bots that are not deployed. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  start(): void {
    this.#unlisten = this.#lookup.onChange(() => {
      this.#sync();
    });
    this.#sync();
  }

  stop(): void {
    this.#unlisten();
    for (const { feed } of this.#entries.values()) feed.close();
    this.#entries.clear();
  }

  /** The bot of a token, in constant time; `unknown` for an unknown token, `missing` for a bot that is not deployed. */
  resolve(token: string): RegisteredBot | 'unknown' | 'missing' {
    const index = indexOfSecret(this.#secrets, token);
    const name = this.#tokens.length === 0 ? '' : this.#tokens[index]?.bot;
    if (name === undefined) return 'unknown';
    const bot = this.#lookup.find(name);
    return (bot && this.#entries.get(bot)) ?? 'missing';
  }

  /** Adds deployed bots and drops removed ones. */
  #sync(): void {
    const names = this.#tokens.length === 0 ? [''] : [...new Set(this.#tokens.map(({ bot }) => bot))];
    const found = names.map((name) => ({ name, bot: this.#lookup.find(name) }));
    const wanted = new Set(found.flatMap(({ bot }) => bot ?? []));
    for (const [bot, { feed }] of this.#entries) {
      if (wanted.has(bot)) continue;
      feed.close();
      this.#entries.delete(bot);
    }
    for (const bot of wanted) if (!this.#entries.has(bot)) this.#entries.set(bot, this.#createEntry(bot));
    this.#missing = found.flatMap(({ name, bot }) => (bot ? [] : name));
    this.#host.onStatusChange();
  }

  #createEntry(bot: Bot): BotEntry {
    const dispatcher = new CommandDispatcher(bot, this.#policy, this.#host);
    return { bot, dispatcher, feed: new MessageFeed(bot, dispatcher.query, this.#subscribers) };
  }
}
