/** Ids that were found to be somebody's a moment ago: who writes to one friend again and again need not be looked up. */
import QuickLRU from 'quick-lru';
import type { Given } from '../request-params';
import { type Ask, filledIn, friendKeys, friendNamed, groupKeys, groupNamed } from './contact-query';
import type { Recipient } from '../messages/message-sender';

/** Ids that are remembered, and for how long, in ms. Sending finds out by itself that somebody is gone. */
const limits = { maxSize: 1000, maxAge: 10_000 };

/** Finds whom to write to. */
export class Acquaintances {
  readonly #ask: Ask;
  readonly #known = new QuickLRU<string, Recipient>(limits);

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** The friend a request names. @throws WechatError INVALID_PARAMS when it may be one of several. */
  friend(given: Given): Promise<Recipient | undefined> {
    return this.#find(given, friendKeys, false);
  }

  /** The group a request names. @throws as `friend` does. */
  group(given: Given): Promise<Recipient | undefined> {
    return this.#find(given, groupKeys, true);
  }

  async #find(given: Given, keys: readonly string[], isGroup: boolean): Promise<Recipient | undefined> {
    const wanted = filledIn(given, keys);
    const id = wanted.size === 1 ? wanted.get('id') : undefined;
    const known = id === undefined ? undefined : this.#known.get(id);
    if (known?.isGroup === isGroup) return known;
    const found = await (isGroup ? groupNamed(this.#ask, given) : friendNamed(this.#ask, given));
    if (!found) return undefined;
    const recipient = { id: found.id, isGroup };
    this.#known.set(found.id, recipient);
    return recipient;
  }
}
