import { type payloads, types } from 'wechaty-puppet';

import {
  botSeed,
  type ContactSeed,
  fileHelperSeed,
  friendSeeds,
  generateContactSeed,
  nonFriendSeeds,
} from './fixtures';

/** The state of a contact, including the bot's remarks on it. */
export interface ContactRecord extends Omit<ContactSeed, 'phone'> {
  name: string;
  friend: boolean;
  alias?: string;
  signature?: string;
  /** The phone number to search the contact by. */
  readonly phone?: string;
  /** The phone numbers in the bot's remarks. */
  phoneRemarks: readonly string[];
  corporation?: string;
  description?: string;
  avatar?: { readonly name: string; readonly data: Buffer };
  /**
   * The contact payload, created on first access. One object for the lifetime of the contact, so that caches see
   * changes: Wechaty reads again on every change, and such a read could otherwise restore an old state in a cache.
   */
  payload?: payloads.Contact;
}

/** All contacts of a simulation, in a fixed order: the bot, its friends, then others. The file helper is in no list. */
export class Contacts {
  readonly self: ContactRecord;
  readonly fileHelper: ContactRecord = { ...fileHelperSeed, friend: false, phoneRemarks: [] };
  readonly #records = new Map<string, ContactRecord>();

  /**
   * @param friendCount the number of the bot's friends
   * @param minCount the minimum number of contacts in all, so that rooms can be filled
   */
  constructor(friendCount: number, minCount: number) {
    this.self = this.#add(botSeed, false);
    for (let index = 0; index < friendCount; index++) {
      this.#add(friendSeeds[index] ?? generateContactSeed(index - friendSeeds.length), true);
    }
    for (const seed of [...nonFriendSeeds, ...friendSeeds.slice(friendCount)]) {
      this.#add(seed, false);
    }
    for (let index = Math.max(0, friendCount - friendSeeds.length); this.#records.size < minCount; index++) {
      this.#add(generateContactSeed(index), false);
    }
  }

  #add(seed: ContactSeed, friend: boolean): ContactRecord {
    const record: ContactRecord = { ...seed, friend, phoneRemarks: [] };
    if (!friend) {
      record.alias = undefined;
    }
    this.#records.set(record.id, record);
    return record;
  }

  /** @throws Error if there is no contact with this id. */
  get(id: string): ContactRecord {
    const record = id === this.fileHelper.id ? this.fileHelper : this.#records.get(id);
    if (!record) {
      throw new Error(`no such contact: ${id}`);
    }
    return record;
  }

  has(id: string): boolean {
    return id === this.fileHelper.id || this.#records.has(id);
  }

  /** All contacts, the bot first. */
  all(): IterableIterator<ContactRecord> {
    return this.#records.values();
  }

  /** The ids of all contacts, the bot's first. */
  ids(): string[] {
    return [...this.#records.keys()];
  }

  /** The ids of the bot's friends. */
  friendIds(): string[] {
    const ids: string[] = [];
    for (const { id, friend } of this.#records.values()) {
      if (friend) {
        ids.push(id);
      }
    }
    return ids;
  }

  /** The first contact that satisfies `predicate`. */
  find(predicate: (record: ContactRecord) => boolean): ContactRecord | undefined {
    for (const record of this.#records.values()) {
      if (predicate(record)) {
        return record;
      }
    }
    return undefined;
  }
}

/** The contact payload of a record. */
export function contactPayload(record: ContactRecord): payloads.Contact {
  return {
    id: record.id,
    name: record.name,
    gender: record.gender,
    type: types.Contact.Individual,
    avatar: `https://avatar.invalid/${record.id}`,
    alias: record.alias,
    city: record.city,
    province: record.province,
    signature: record.signature,
    handle: record.handle,
    friend: record.friend,
    star: false,
    phone: [...record.phoneRemarks],
    corporation: record.corporation,
    description: record.description,
  };
}
