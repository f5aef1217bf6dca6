/** Caches recipients by id, so that frequent sends to one recipient need no lookup each. */
import QuickLRU from 'quick-lru';
import type { RunCommand } from '../../../commands/table';
import type { RequestParams } from '../request-params';
import type { Recipient } from '../messages/message-sender';
import { findFriend, findGroup, friendKeys, groupKeys, nonEmptyParams } from './contact-query';

/** Size and age (in ms) of the cache. A stale entry is harmless: the send itself fails then. */
const limits = { maxSize: 1000, maxAge: 10_000 };

/** Finds recipients. */
export class RecipientCache {
  readonly #query: RunCommand;
  readonly #cache = new QuickLRU<string, Recipient>(limits);

  constructor(query: RunCommand) {
    this.#query = query;
  }

  /** The friend a request identifies. @throws WechatError INVALID_PARAMS when there are several. */
  friend(params: RequestParams): Promise<Recipient | undefined> {
    return this.#find(params, friendKeys, false);
  }

  /** The group a request identifies. @throws as `friend` does. */
  group(params: RequestParams): Promise<Recipient | undefined> {
    return this.#find(params, groupKeys, true);
  }

  async #find(
    params: RequestParams,
    keys: readonly string[],
    isGroup: boolean,
  ): Promise<Recipient | undefined> {
    const attributes = nonEmptyParams(params, keys);
    const id = attributes.size === 1 ? attributes.get('id') : undefined;
    const cached = id === undefined ? undefined : this.#cache.get(id);
    if (cached?.isGroup === isGroup) return cached;
    const found = await (isGroup ? findGroup(this.#query, params) : findFriend(this.#query, params));
    if (!found) return undefined;
    const recipient = { id: found.id, isGroup };
    this.#cache.set(found.id, recipient);
    return recipient;
  }
}
