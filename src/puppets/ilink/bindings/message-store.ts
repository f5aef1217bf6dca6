/**
 * Messages of both directions, cursors, context tokens, quotas and aliases, in one LevelDB. A batch of messages and its
 * cursor are one write, so that a crash loses and repeats nothing.
 */
import { KeyValueStore } from '../../../remotes/storage/key-value-store';
import type { StoreOperation } from '../../../remotes/storage/store-operation';
import type { Conversation, StoredMessage } from './records';

/** How long messages can be read, quoted and forwarded, in ms. */
const retentionMs = 7 * 24 * 60 * 60 * 1000;

const pruneBatchSize = 500;

const none: Conversation = { receivedAt: 0, sends: 0 };

/** A received batch. */
export interface Batch {
  readonly botId: string;
  /** Undefined: the cursor stays. */
  readonly cursor: string | undefined;
  readonly messages: readonly StoredMessage[];
  readonly conversation: { readonly userId: string; readonly state: Conversation } | undefined;
}

/** The store of one puppet. */
export class MessageStore {
  readonly #store: KeyValueStore;
  readonly #now: () => number;
  readonly #conversations = new Map<string, Conversation>();
  readonly #untold = new Map<string, string>();
  #sequence = 0;

  private constructor(store: KeyValueStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** @param onProblem called with a sentence when the store was damaged */
  static async open(
    folder: string,
    now: () => number,
    onProblem: (problem: string) => void,
  ): Promise<MessageStore> {
    const store = new MessageStore(
      await KeyValueStore.open(folder, ({ message }) => {
        onProblem(message);
      }),
      now,
    );
    for await (const [key, id] of store.#store.entries('u!')) {
      store.#untold.set(id, key);
      store.#sequence = Number(key.slice(2)) + 1;
    }
    return store;
  }

  /** Writes all changes, and closes. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** The store itself, for other kinds of entries; their keys begin with letters that are not used here. */
  get raw(): KeyValueStore {
    return this.#store;
  }

  cursor(botId: string): string {
    return this.#store.get(`c!${botId}`) ?? '';
  }

  message(id: string): StoredMessage | undefined {
    const json = this.#store.get(`m!${id}`);
    return json === undefined ? undefined : (JSON.parse(json) as StoredMessage);
  }

  conversation(userId: string): Conversation {
    let known = this.#conversations.get(userId);
    if (!known) {
      const json = this.#store.get(`x!${userId}`);
      known = json === undefined ? none : (JSON.parse(json) as Conversation);
      this.#conversations.set(userId, known);
    }
    return known;
  }

  alias(userId: string): string {
    return this.#store.get(`a!${userId}`) ?? '';
  }

  async setAlias(userId: string, alias: string): Promise<void> {
    const key = `a!${userId}`;
    await this.#store.commit([alias === '' ? { type: 'del', key } : { type: 'put', key, value: alias }]);
  }

  /** Stores a batch: resolves when all of it is on disk. */
  async receive({ botId, cursor, messages, conversation }: Batch): Promise<void> {
    const operations: StoreOperation[] = messages.flatMap((message) => {
      const key = `u!${String(this.#sequence++).padStart(15, '0')}`;
      this.#untold.set(message.id, key);
      return [...this.#put(message), { type: 'put', key, value: message.id } as const];
    });
    if (cursor !== undefined) operations.push({ type: 'put', key: `c!${botId}`, value: cursor });
    if (conversation) operations.push(this.#setConversation(conversation.userId, conversation.state));
    if (operations.length > 0) await this.#store.commit(operations);
  }

  /** The ids of the messages that nobody was told of, oldest first. */
  untold(): string[] {
    return [...this.#untold.keys()];
  }

  /** A message has been told. */
  markTold(id: string): void {
    const key = this.#untold.get(id);
    if (key === undefined) return;
    this.#untold.delete(id);
    void this.#store.commitToLog([{ type: 'del', key }]).catch(() => undefined);
  }

  /** Counts a send before it is made, so that a crash cannot lose count. */
  async countSend(userId: string): Promise<void> {
    const conversation = this.conversation(userId);
    const state = { ...conversation, sends: conversation.sends + 1 };
    await this.#store.commitToLog([this.#setConversation(userId, state)]);
  }

  /** Stores a message that was sent. */
  async addOwn(message: StoredMessage): Promise<void> {
    await this.#store.commitToLog(this.#put(message));
  }

  /** Removes old messages. */
  async prune(): Promise<void> {
    const end = timeKey(this.#now() - retentionMs);
    let removals: StoreOperation[] = [];
    for await (const [key, id] of this.#store.entries('t!')) {
      if (key >= end) break;
      removals.push({ type: 'del', key }, { type: 'del', key: `m!${id}` });
      if (removals.length < pruneBatchSize) continue;
      await this.#store.commit(removals);
      removals = [];
    }
    if (removals.length > 0) await this.#store.commit(removals);
  }

  #put(message: StoredMessage): StoreOperation[] {
    return [
      { type: 'put', key: `m!${message.id}`, value: JSON.stringify(message) },
      { type: 'put', key: `${timeKey(this.#now())}!${message.id}`, value: message.id },
    ];
  }

  #setConversation(userId: string, state: Conversation): StoreOperation {
    this.#conversations.set(userId, state);
    return { type: 'put', key: `x!${userId}`, value: JSON.stringify(state) };
  }
}

function timeKey(ms: number): string {
  return `t!${String(ms).padStart(15, '0')}`;
}
