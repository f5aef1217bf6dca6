import type { payloads } from 'wechaty-puppet';

import { externalRoomSeed, roomSeeds, type RoomSeed, seededRandom } from './fixtures';

/** The state of a room. Members are computed on first access: a thousand big rooms cost nothing until read. */
export class RoomRecord {
  announcement = '';
  /** Room aliases by contact id. */
  readonly aliases = new Map<string, string>();
  /** Inviters by the id of a member that joined later. */
  readonly inviters = new Map<string, string>();
  /** Whether the bot is or was a member, and so can see it. */
  isVisible: boolean;
  /** Whether the bot is a member; stored, so that reading it does not compute the members. */
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
    this.isVisible = hasBot;
    this.#hasBot = hasBot;
  }

  get topic(): string {
    return this.#topic;
  }

  set topic(topic: string) {
    this.#topic = topic;
    this.#onChange();
  }

  /** The ids of the members in order of joining. Must not be modified. */
  get memberIds(): readonly string[] {
    this.#ids ??= this.#membersOf();
    return this.#ids;
  }

  get hasBot(): boolean {
    return this.#hasBot;
  }

  set hasBot(hasBot: boolean) {
    this.#hasBot = hasBot;
    this.isVisible ||= hasBot;
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
    this.#onChange();
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
    this.#onChange();
  }

  /** The room payload. One object for the lifetime of the room, as a contact's is, so that no cache can be outdated. */
  get payload(): payloads.Room {
    this.#payload ??= this.#createPayload();
    return this.#payload;
  }

  #createPayload(): payloads.Room {
    return {
      id: this.id,
      topic: this.topic,
      avatar: `https://avatar.invalid/${this.id}`,
      memberIdList: this.memberIds as string[],
      ownerId: this.ownerId,
      adminIdList: [],
    };
  }

  #onChange(): void {
    this.#set = undefined;
    if (this.#payload) {
      Object.assign(this.#payload, this.#createPayload());
    }
  }
}

const generatedTopics = ['项目', 'Project', '同学', 'Neighbours', '读书会', 'Runners', '美食', 'Photography'];

/** All rooms of a simulation, those with the bot first. */
export class Rooms {
  readonly #records = new Map<string, RoomRecord>();
  #created = 0;

  /**
   * @param count the number of rooms with the bot
   * @param size members of every room with the bot; undefined for the predefined sizes
   * @param contactIds the ids of all contacts, the bot's first
   */
  constructor(count: number, size: number | undefined, contactIds: readonly string[]) {
    const [self = '', ...others] = contactIds;
    const allIds = new Set(contactIds);
    for (let index = 0; index < count; index++) {
      const seed = roomSeeds[index];
      if (seed && size === undefined) {
        const memberIds = seed.memberIds.filter((id) => allIds.has(id));
        this.create(seed.topic, allIds.has(seed.ownerId) ? seed.ownerId : self, () => memberIds, true);
      } else {
        const wanted = (size ?? 3 + (index % 5)) - 1;
        const start = (index * 7) % Math.max(1, others.length);
        this.#addWindow(seed, index, self, others, start, wanted);
      }
    }
    this.create(externalRoomSeed.topic, externalRoomSeed.ownerId, () => externalRoomSeed.memberIds, false);
  }

  #addWindow(
    plan: RoomSeed | undefined,
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

  /** Creates a room with the next id. */
  create(topic: string, ownerId: string, membersOf: () => readonly string[], hasBot: boolean): RoomRecord {
    const id = `${17_000_000_000 + seededRandom(this.#created++)}@chatroom`;
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

  /** The ids of the rooms with the bot. */
  idsWithBot(): string[] {
    return [...this.#records.values()].filter((room) => room.hasBot).map(({ id }) => id);
  }

  all(): IterableIterator<RoomRecord> {
    return this.#records.values();
  }
}
