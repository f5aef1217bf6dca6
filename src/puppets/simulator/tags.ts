import type { Contacts } from './contacts';

/** The bot's tags and the contacts that have them. */
export class Tags {
  readonly #contacts = new Map<string, Set<string>>();

  constructor(readonly contacts: Contacts) {}

  /** Adds a tag to a contact, creating the tag if there is none of that name. */
  add(tag: string, contactId: string): void {
    if (tag === '') {
      throw new Error('a tag needs a name');
    }
    this.contacts.get(contactId);
    const contacts = this.#contacts.get(tag) ?? new Set();
    this.#contacts.set(tag, contacts.add(contactId));
  }

  /** @throws Error if there is no such tag. */
  remove(tag: string, contactId: string): void {
    this.contacts.get(contactId);
    this.#require(tag).delete(contactId);
  }

  /** @throws Error if there is no such tag. */
  delete(tag: string): void {
    this.#require(tag);
    this.#contacts.delete(tag);
  }

  /** The tags of a contact, or all tags. */
  list(contactId?: string): string[] {
    if (contactId === undefined) {
      return [...this.#contacts.keys()];
    }
    this.contacts.get(contactId);
    return [...this.#contacts].filter(([, contacts]) => contacts.has(contactId)).map(([tag]) => tag);
  }

  #require(tag: string): Set<string> {
    const contacts = this.#contacts.get(tag);
    if (!contacts) {
      throw new Error(`no such tag: ${tag}`);
    }
    return contacts;
  }
}
