import type { People } from './contacts';

/** The labels the bot sorts its contacts by. */
export class Tags {
  readonly #contacts = new Map<string, Set<string>>();

  constructor(readonly people: People) {}

  /** Puts a tag on a contact, making the tag if there is none of that name. */
  add(tag: string, contactId: string): void {
    if (tag === '') {
      throw new Error('a tag needs a name');
    }
    this.people.get(contactId);
    const contacts = this.#contacts.get(tag) ?? new Set();
    this.#contacts.set(tag, contacts.add(contactId));
  }

  /** @throws Error if there is no such tag. */
  remove(tag: string, contactId: string): void {
    this.people.get(contactId);
    this.#existing(tag).delete(contactId);
  }

  /** @throws Error if there is no such tag. */
  delete(tag: string): void {
    this.#existing(tag);
    this.#contacts.delete(tag);
  }

  /** The tags of a contact, or all tags. */
  list(contactId?: string): string[] {
    if (contactId === undefined) {
      return [...this.#contacts.keys()];
    }
    this.people.get(contactId);
    return [...this.#contacts].filter(([, contacts]) => contacts.has(contactId)).map(([tag]) => tag);
  }

  #existing(tag: string): Set<string> {
    const contacts = this.#contacts.get(tag);
    if (!contacts) {
      throw new Error(`no such tag: ${tag}`);
    }
    return contacts;
  }
}
