import type { RoomRecord } from './rooms';

/** A room of the world, to look at. People act in it: `world.contact('Ming').leave('Team')`. */
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

  /** In the order they came. */
  get memberIds(): readonly string[] {
    return this.#record.memberIds;
  }

  /** What a member goes by in this room, if not by their own name. */
  aliasOf(contact: { readonly id: string }): string | undefined {
    return this.#record.aliases.get(contact.id);
  }

  /** Whether the bot is in it. */
  get hasBot(): boolean {
    return this.#record.hasBot;
  }
}
