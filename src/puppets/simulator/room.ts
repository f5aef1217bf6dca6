import type { RoomRecord } from './rooms';

/** A read-only view of a room. Contacts change it: `simulation.contact('Ming').leave('Team')`. */
export class Room {
  readonly #record: RoomRecord;

  constructor(record: RoomRecord) {
    this.#record = record;
  }

  get id(): string {
    return this.#record.id;
  }

  get topic(): string {
    return this.#record.topic;
  }

  get ownerId(): string {
    return this.#record.ownerId;
  }

  get announcement(): string {
    return this.#record.announcement;
  }

  /** In order of joining. */
  get memberIds(): readonly string[] {
    return this.#record.memberIds;
  }

  /** A member's room alias. */
  aliasOf(contact: { readonly id: string }): string | undefined {
    return this.#record.aliases.get(contact.id);
  }

  /** Whether the bot is a member. */
  get hasBot(): boolean {
    return this.#record.hasBot;
  }
}
