import { type payloads, types } from 'wechaty-puppet';

import { botCharacter, type Character, friends, generatedCharacter, strangers } from './fixtures';

/** Everything the world knows of somebody, and what the bot noted about them. */
export interface PersonRecord extends Omit<Character, 'phone'> {
  name: string;
  friend: boolean;
  alias?: string;
  signature?: string;
  /** The phone number the person can be found by. */
  readonly phone?: string;
  /** The phone numbers the bot noted. */
  notedPhones: readonly string[];
  corporation?: string;
  description?: string;
  avatar?: { readonly name: string; readonly data: Buffer };
  /**
   * What a puppet reports, once it was asked for. It stays the same object, so that whoever keeps it sees changes:
   * Wechaty reads again on every change, and such a read could otherwise bring an old state back into a cache.
   */
  payload?: payloads.Contact;
}

/** Everybody in a world, in a fixed order: the bot's account, its friends, then strangers. */
export class People {
  readonly self: PersonRecord;
  readonly #records = new Map<string, PersonRecord>();

  /**
   * @param friendCount how many friends the bot has
   * @param leastPeople how many people there must be in all, so that rooms can be filled
   */
  constructor(friendCount: number, leastPeople: number) {
    this.self = this.#add(botCharacter, false);
    for (let index = 0; index < friendCount; index++) {
      this.#add(friends[index] ?? generatedCharacter(index - friends.length), true);
    }
    for (const stranger of [...strangers, ...friends.slice(friendCount)]) {
      this.#add(stranger, false);
    }
    for (let index = Math.max(0, friendCount - friends.length); this.#records.size < leastPeople; index++) {
      this.#add(generatedCharacter(index), false);
    }
  }

  #add(character: Character, friend: boolean): PersonRecord {
    const record: PersonRecord = { ...character, friend, notedPhones: [] };
    if (!friend) {
      record.alias = undefined;
    }
    this.#records.set(record.id, record);
    return record;
  }

  /** @throws Error if nobody has this id. */
  get(id: string): PersonRecord {
    const record = this.#records.get(id);
    if (!record) {
      throw new Error(`no such contact: ${id}`);
    }
    return record;
  }

  has(id: string): boolean {
    return this.#records.has(id);
  }

  /** Everybody, the bot first. */
  all(): IterableIterator<PersonRecord> {
    return this.#records.values();
  }

  /** Everybody's id, the bot's first. */
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

  /** The first whom `wanted` accepts. */
  find(wanted: (record: PersonRecord) => boolean): PersonRecord | undefined {
    for (const record of this.#records.values()) {
      if (wanted(record)) {
        return record;
      }
    }
    return undefined;
  }
}

/** What a puppet reports of somebody. */
export function contactPayload(record: PersonRecord): payloads.Contact {
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
    phone: [...record.notedPhones],
    corporation: record.corporation,
    description: record.description,
  };
}
