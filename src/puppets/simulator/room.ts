import type { RoomRecord } from './rooms';
import type { WeChat } from './wechat';

/** A room of the world, to look at. People act in it: `world.contact('Ming').leave('Team')`. */
export class Room {
  readonly #wechat: WeChat;
  readonly #record: RoomRecord;

  constructor(wechat: WeChat, record: RoomRecord) {
    this.#wechat = wechat;
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

  /** Whether the bot is in it. */
  get hasBot(): boolean {
    return this.#record.has(this.#wechat.people.self.id);
  }
}
