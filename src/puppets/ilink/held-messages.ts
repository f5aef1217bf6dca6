/** Messages that wait on disk for the next message of their person. */
import type { KeyValueStore } from '../../remotes/storage/key-value-store';
import type { StoredMessage } from './bindings/records';
import type { WireObject } from './client/wire-types';
import { PuppetError } from './puppet-error';

/** One of them. */
export interface HeldMessage {
  readonly id: string;
  readonly userId: string;
  readonly item: WireObject;
  readonly content: Pick<StoredMessage, 'kind' | 'text' | 'fileName' | 'media'>;
  /** In ms since 1970. */
  readonly heldAt: number;
  readonly expiresAt: number;
}

interface Entry extends HeldMessage {
  /** Whether it was being sent. */
  readonly isBegun?: boolean;
}

const maxPerPerson = 100;
const maxTotal = 10_000;

/** The held messages of all people, each person's in order. */
export class HeldMessages {
  readonly #store: KeyValueStore;
  readonly #queues = new Map<string, { readonly key: string; readonly message: HeldMessage }[]>();
  #total = 0;
  #sequence = 0;

  private constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** Loads them. @returns also those that were being sent when the process ended; they are removed */
  static async open(
    store: KeyValueStore,
  ): Promise<{ readonly held: HeldMessages; readonly interrupted: HeldMessage[] }> {
    const held = new HeldMessages(store);
    const interrupted: HeldMessage[] = [];
    for await (const [key, json] of store.entries('h!')) {
      const message = JSON.parse(json) as Entry;
      held.#sequence = Number(key.slice(2)) + 1;
      if (message.isBegun === true) {
        interrupted.push(message);
        store.deleteLazily(key);
      } else held.#append(key, message);
    }
    return { held, interrupted };
  }

  count(userId: string): number {
    return this.#queues.get(userId)?.length ?? 0;
  }

  /** The oldest one of a person. */
  first(userId: string): HeldMessage | undefined {
    return this.#queues.get(userId)?.[0]?.message;
  }

  /** @throws PuppetError RATE_LIMITED when there are too many */
  async add(message: HeldMessage): Promise<void> {
    if (this.count(message.userId) >= maxPerPerson || this.#total >= maxTotal)
      throw new PuppetError('RATE_LIMITED', `Too many messages wait for ${message.userId} already.`);
    const key = `h!${String(this.#sequence++).padStart(15, '0')}`;
    await this.#store.commit([{ type: 'put', key, value: JSON.stringify(message) }]);
    this.#append(key, message);
  }

  /** The first one of its person is being sent. */
  begin(message: HeldMessage): Promise<void> {
    return this.#rewrite(message, true);
  }

  /** It was not sent, and waits again. */
  putBack(message: HeldMessage): Promise<void> {
    return this.#rewrite(message, false);
  }

  async remove(message: HeldMessage): Promise<void> {
    const queue = this.#queues.get(message.userId) ?? [];
    const index = queue.findIndex((entry) => entry.message.id === message.id);
    const [entry] = index === -1 ? [] : queue.splice(index, 1);
    if (!entry) return;
    this.#total -= 1;
    if (queue.length === 0) this.#queues.delete(message.userId);
    await this.#store.commit([{ type: 'del', key: entry.key }]);
  }

  /** The people for whom something is held. */
  userIds(): string[] {
    return [...this.#queues.keys()];
  }

  /** Removes those of a person whose time is over. @returns them */
  async takeExpired(userId: string, now: number): Promise<HeldMessage[]> {
    const queue = this.#queues.get(userId) ?? [];
    const expired = queue.flatMap(({ message }) => (message.expiresAt <= now ? [message] : []));
    for (const message of expired) await this.remove(message);
    return expired;
  }

  #append(key: string, message: HeldMessage): void {
    const queue = this.#queues.get(message.userId) ?? [];
    queue.push({ key, message });
    this.#queues.set(message.userId, queue);
    this.#total += 1;
  }

  async #rewrite(message: HeldMessage, isBegun: boolean): Promise<void> {
    const entry = this.#queues.get(message.userId)?.find((each) => each.message.id === message.id);
    if (!entry) return;
    const value: Entry = { ...message, isBegun };
    await this.#store.commit([{ type: 'put', key: entry.key, value: JSON.stringify(value) }]);
  }
}
