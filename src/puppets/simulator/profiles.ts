import { type payloads, types } from 'wechaty-puppet';

import { contactPayload, type Contacts, type ContactRecord } from './contacts';
import type { ClientChannel } from './client-channel';

/** Profiles of contacts, and the bot's remarks on them. Every change invalidates the puppet's caches. */
export class Profiles {
  constructor(
    readonly contacts: Contacts,
    readonly channel: ClientChannel,
  ) {}

  /** The contact payload. @throws Error if there is no contact with this id. */
  payload(id: string): payloads.Contact {
    const record = this.contacts.get(id);
    record.payload ??= contactPayload(record);
    return record.payload;
  }

  /** Changes a contact's name. @throws Error if the name is empty. */
  rename(id: string, name: string): void {
    if (name === '') {
      throw new Error('a name cannot be empty');
    }
    this.change(id, { name });
  }

  /** Changes a contact's profile. */
  change(
    id: string,
    changes: Partial<Pick<ContactRecord, 'name' | 'signature' | 'friend' | 'alias' | 'avatar'>>,
  ): void {
    this.#apply(id, changes);
  }

  /** Sets the bot's remarks on a contact. */
  annotate(
    id: string,
    remarks: Partial<Pick<ContactRecord, 'phoneRemarks' | 'corporation' | 'description'>>,
  ): void {
    this.#rejectSelf(id);
    this.#apply(id, remarks);
  }

  /**
   * Sets the bot's alias for a friend; an empty one removes it.
   * @throws Error if the contact is the bot or not a friend.
   */
  setAlias(id: string, alias: string): void {
    this.#rejectSelf(id);
    if (!this.contacts.get(id).friend) {
      throw new Error(`${id} is not a friend, so it cannot get an alias`);
    }
    this.change(id, { alias: alias === '' ? undefined : alias });
  }

  /** Sets an avatar. @throws Error unless it is the bot's own. */
  setAvatar(id: string, avatar: { readonly name: string; readonly data: Buffer }): void {
    if (id !== this.contacts.self.id) {
      throw new Error(`the avatar of ${id} can be changed by its owner only`);
    }
    this.change(id, { avatar });
  }

  #apply(id: string, changes: Partial<ContactRecord>): void {
    const record = this.contacts.get(id);
    Object.assign(record, changes);
    if (record.payload) {
      Object.assign(record.payload, contactPayload(record));
    }
    this.channel.invalidate(types.Dirty.Contact, id);
  }

  #rejectSelf(id: string): void {
    if (id === this.contacts.self.id) {
      throw new Error('the bot cannot set remarks on itself');
    }
  }
}
