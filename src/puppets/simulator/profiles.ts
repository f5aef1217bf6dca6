import { type payloads, types } from 'wechaty-puppet';

import { contactPayload, type People, type PersonRecord } from './contacts';
import type { Wire } from './client-channel';

/** What people say about themselves, and what the bot noted about them. Every change reaches the puppet's caches. */
export class Profiles {
  constructor(
    readonly people: People,
    readonly wire: Wire,
  ) {}

  /** What a puppet reports of somebody. @throws Error if there is nobody with this id. */
  payload(id: string): payloads.Contact {
    const record = this.people.get(id);
    record.payload ??= contactPayload(record);
    return record.payload;
  }

  /** @throws Error if the name is empty. */
  rename(id: string, name: string): void {
    if (name === '') {
      throw new Error('a name cannot be empty');
    }
    this.change(id, { name });
  }

  /** Somebody changes their own profile. */
  change(
    id: string,
    changes: Partial<Pick<PersonRecord, 'name' | 'signature' | 'friend' | 'alias' | 'avatar'>>,
  ): void {
    this.#apply(id, changes);
  }

  /** The bot notes something about somebody else. */
  note(id: string, notes: Partial<Pick<PersonRecord, 'notedPhones' | 'corporation' | 'description'>>): void {
    this.#refuseSelf(id);
    this.#apply(id, notes);
  }

  /**
   * The bot notes a name for a friend; an empty one takes it away.
   * @throws Error if the contact is the bot or no friend.
   */
  noteAlias(id: string, alias: string): void {
    this.#refuseSelf(id);
    if (!this.people.get(id).friend) {
      throw new Error(`${id} is not a friend, so it cannot get an alias`);
    }
    this.change(id, { alias: alias === '' ? undefined : alias });
  }

  /** @throws Error unless it is the bot's own. */
  setAvatar(id: string, avatar: { readonly name: string; readonly data: Buffer }): void {
    if (id !== this.people.self.id) {
      throw new Error(`the avatar of ${id} can be changed by its owner only`);
    }
    this.change(id, { avatar });
  }

  #apply(id: string, changes: Partial<PersonRecord>): void {
    const record = this.people.get(id);
    Object.assign(record, changes);
    if (record.payload) {
      Object.assign(record.payload, contactPayload(record));
    }
    this.wire.forget(types.Dirty.Contact, id);
  }

  #refuseSelf(id: string): void {
    if (id === this.people.self.id) {
      throw new Error('the bot cannot note anything about itself');
    }
  }
}
