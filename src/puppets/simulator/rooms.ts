import type { payloads } from 'wechaty-puppet';

import { foreignRoom, plannedRooms, type RoomPlan, scrambled } from './fixtures';

/** A room of the world. Members are worked out when first asked for: a thousand big rooms cost nothing until read. */
export class RoomRecord {
  announcement = '';
  /** Names members go by in this room only. */
  readonly aliases = new Map<string, string>();
  /** Who brought a member in, of those who came later. */
  readonly inviters = new Map<string, string>();
  /** Whether the bot is or was in it, and so can see it. */
  known: boolean;
  /** Whether the bot is in it; kept apart so that asking does not work out the members. */
  #hasBot: boolean;
  #membersOf: () => readonly string[];
  #ids: readonly string[] | undefined;
  #set: Set<string> | undefined;
  #payload: payloads.Room | undefined;
  #topic: string;

  constructor(
    readonly id: string,
    topic: string,
    public ownerId: string,
    membersOf: () => readonly string[],
    hasBot: boolean,
  ) {
    this.#topic = topic;
    this.#membersOf = membersOf;
    this.known = hasBot;
    this.#hasBot = hasBot;
  }

  get topic(): string {
    return this.#topic;
  }

  set topic(topic: string) {
    this.#topic = topic;
    this.#changed();
  }

  /** The members' ids, in the order they came. Not to be changed. */
  get memberIds(): readonly string[] {
    this.#ids ??= this.#membersOf();
    return this.#ids;
  }

  get hasBot(): boolean {
    return this.#hasBot;
  }

  set hasBot(hasBot: boolean) {
    this.#hasBot = hasBot;
    this.known ||= hasBot;
  }

  has(id: string): boolean {
    this.#set ??= new Set(this.memberIds);
    return this.#set.has(id);
  }

  add(ids: readonly string[], inviterId: string): void {
    this.#ids = [...this.memberIds, ...ids];
    for (const id of ids) {
      this.inviters.set(id, inviterId);
    }
    this.#changed();
  }

  remove(ids: readonly string[]): void {
    this.#ids = this.memberIds.filter((id) => !ids.includes(id));
    for (const id of ids) {
      this.aliases.delete(id);
      this.inviters.delete(id);
    }
    if (ids.includes(this.ownerId)) {
      this.ownerId = this.#ids[0] ?? '';
    }
    this.#changed();
  }

  /** What a puppet reports. It stays the same object, as a contact's does, so that no cache can hold an old state. */
  get payload(): payloads.Room {
    this.#payload ??= this.#described();
    return this.#payload;
  }

  #described(): payloads.Room {
    return {
      id: this.id,
      topic: this.topic,
      avatar: `https://avatar.invalid/${this.id}`,
      memberIdList: this.memberIds as string[],
      ownerId: this.ownerId,
      adminIdList: [],
    };
  }

  #changed(): void {
    this.#set = undefined;
    if (this.#payload) {
      Object.assign(this.#payload, this.#described());
    }
  }
}

const generatedTopics = ['项目', 'Project', '同学', 'Neighbours', '读书会', 'Runners', '美食', 'Photography'];

/** All rooms of a world, those the bot is in first. */
export class Rooms {
  readonly #records = new Map<string, RoomRecord>();
  #made = 0;

  /**
   * @param count how many rooms the bot is in
   * @param size members of every room with the bot, or undefined for the planned sizes
   * @param everybody ids of all people, the bot's first
   */
  constructor(count: number, size: number | undefined, everybody: readonly string[]) {
    const [self = '', ...others] = everybody;
    const known = new Set(everybody);
    for (let index = 0; index < count; index++) {
      const plan = plannedRooms[index];
      if (plan && size === undefined) {
        const present = plan.memberIds.filter((id) => known.has(id));
        this.create(plan.topic, known.has(plan.ownerId) ? plan.ownerId : self, () => present, true);
      } else {
        const wanted = (size ?? 3 + (index % 5)) - 1;
        const start = (index * 7) % Math.max(1, others.length);
        this.#addWindow(plan, index, self, others, start, wanted);
      }
    }
    this.create(foreignRoom.topic, foreignRoom.ownerId, () => foreignRoom.memberIds, false);
  }

  #addWindow(
    plan: RoomPlan | undefined,
    index: number,
    self: string,
    others: readonly string[],
    start: number,
    wanted: number,
  ): void {
    const members = () => {
      const overflow = Math.max(0, start + wanted - others.length);
      return [self, ...others.slice(start, start + wanted), ...others.slice(0, Math.min(overflow, start))];
    };
    const topic = plan?.topic ?? `${generatedTopics[index % generatedTopics.length] ?? ''} ${index + 1}`;
    const ownerId = index % 4 === 0 ? self : (others[start] ?? self);
    this.create(topic, wanted === 0 ? self : ownerId, members, true);
  }

  /** Adds a room with the next id. */
  create(topic: string, ownerId: string, membersOf: () => readonly string[], hasBot: boolean): RoomRecord {
    const id = `${17_000_000_000 + scrambled(this.#made++)}@chatroom`;
    const record = new RoomRecord(id, topic, ownerId, membersOf, hasBot);
    this.#records.set(id, record);
    return record;
  }

  /** @throws Error if there is no room with this id. */
  get(id: string): RoomRecord {
    const record = this.#records.get(id);
    if (!record) {
      throw new Error(`no such room: ${id}`);
    }
    return record;
  }

  has(id: string): boolean {
    return this.#records.has(id);
  }

  /** Ids of the rooms the bot is in. */
  idsWithBot(): string[] {
    return [...this.#records.values()].filter((room) => room.hasBot).map(({ id }) => id);
  }

  all(): IterableIterator<RoomRecord> {
    return this.#records.values();
  }
}
