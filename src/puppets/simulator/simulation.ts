import type { EventEmitter } from 'node:events';

import type { CallCounter } from './calls';
import type { WorldMessage } from './messages';
import type { Faults, SimulatorOptions } from './options';
import { idOf, type Named, Person } from './person';
import { Room } from './room';
import { awaitMessage, type MessageWait } from './wait-for-message';
import { WeChat } from './wechat';

/** Which messages of the world are meant. */
export interface MessageFilter {
  /** A room, or a person the bot talks with. */
  readonly conversation?: Named;
  /** Only messages said after this one. */
  readonly after?: Named;
}

/**
 * A small WeChat in memory: the bot's account, its friends, some strangers and rooms. A puppet is the bot's way in;
 * this is everybody else's: `world.contact('Ming').say('ding').to(world.self)`.
 */
export class World {
  /** What the puppet of this package works on; tests and demos use the methods beside it. */
  readonly wechat: WeChat;

  constructor(options: SimulatorOptions = {}) {
    this.wechat = new WeChat(options);
  }

  /** The account the bot is logged in to; what it says comes from its phone. */
  get self(): Person {
    return this.#person(this.wechat.people.self.id);
  }

  /** How often the puppet was called. */
  get calls(): CallCounter {
    return this.wechat.calls;
  }

  /** What goes wrong on purpose from now on. */
  get faults(): Faults {
    return this.wechat.faults;
  }

  set faults(faults: Faults) {
    this.wechat.faults = { ...faults };
  }

  /** The QR code that waits to be scanned, or undefined. */
  get qrCode(): string | undefined {
    return this.wechat.login.qrCode;
  }

  /** Whether the phone has scanned the QR code that waits, and must still confirm. */
  get isQrCodeScanned(): boolean {
    return this.wechat.login.isScanned;
  }

  /**
   * Somebody by id, alias or name, exactly.
   * @throws Error if there is nobody, or more than one of that name.
   */
  contact(named: Named): Person {
    return this.#person(this.#contactId(named));
  }

  /**
   * A room by id or topic, exactly; also one the bot is not in.
   * @throws Error if there is none, or more than one of that topic.
   */
  room(named: Named): Room {
    return new Room(this.wechat.rooms.get(this.#roomId(named)));
  }

  /** Everybody but the bot, friends first. */
  contacts(): Person[] {
    return [...this.wechat.people.all()].slice(1).map(({ id }) => this.#person(id));
  }

  /** All rooms, those the bot is in first. */
  rooms(): Room[] {
    return [...this.wechat.rooms.all()].map((record) => new Room(record));
  }

  /** What was said, oldest first, as far as the world remembers. */
  messages({ conversation, after }: MessageFilter = {}): WorldMessage[] {
    const { conversations } = this.wechat;
    const messages = [...conversations.log.since(after === undefined ? undefined : idOf(after))];
    if (conversation === undefined) {
      return messages;
    }
    const id = this.#conversationId(conversation);
    return messages.filter((message) => conversations.conversationOf(message) === id);
  }

  /** Calls `listener` for every message from now on, also what the bot says. Returns what stops it. */
  on(event: 'message', listener: (message: WorldMessage) => void): () => void {
    const said: EventEmitter<{ message: [WorldMessage] }> = this.wechat.conversations.said;
    said.on(event, listener);
    return () => {
      said.off(event, listener);
    };
  }

  /**
   * The next message that fits, or, with `after`, the first since then.
   * @throws Error (rejects) when `timeout` ms, 5,000 unless told, have passed, or with the reason of an aborted `signal`.
   */
  nextMessage({
    conversation,
    from,
    after,
    ...wait
  }: MessageFilter & { from?: Named } & MessageWait = {}): Promise<WorldMessage> {
    const conversationId = conversation === undefined ? undefined : this.#conversationId(conversation);
    const talkerId = from === undefined ? undefined : this.#contactId(from);
    const { conversations } = this.wechat;
    const fits = (message: WorldMessage) =>
      (conversationId === undefined || conversations.conversationOf(message) === conversationId) &&
      (talkerId === undefined || message.talkerId === talkerId);
    const earlier = after === undefined ? undefined : this.messages({ after }).find(fits);
    return earlier ? Promise.resolve(earlier) : awaitMessage(conversations.said, fits, wait);
  }

  /** The first thing the bot says in the same conversation after `message`. Rejects as `nextMessage` does. */
  answerTo(message: WorldMessage, wait: MessageWait = {}): Promise<WorldMessage> {
    const conversation = this.wechat.conversations.conversationOf(message);
    return this.nextMessage({ conversation, from: this.self, after: message, ...wait });
  }

  /** Tells the bot of a message once more, as WeChat sometimes does. */
  redeliver(message: Named): void {
    this.wechat.conversations.redeliver(idOf(message));
  }

  /**
   * The bot's phone scans the QR code and confirms; resolves once the bot is logged in. With `confirm: false` it only
   * scans: the bot hears so, and the code waits for `confirm()`, or another scan that confirms.
   * @throws Error (rejects) if no QR code is shown.
   */
  async scan({ confirm = true }: { readonly confirm?: boolean } = {}): Promise<void> {
    this.wechat.login.scan();
    if (confirm) {
      await this.wechat.login.confirm();
    }
  }

  /**
   * The phone confirms the login it has scanned; resolves once the bot is logged in.
   * @throws Error (rejects) if no QR code is shown, or none was scanned.
   */
  confirm(): Promise<void> {
    return this.wechat.login.confirm();
  }

  /**
   * The QR code runs out, and a new one is shown.
   * @throws Error if none is shown.
   */
  expireQrCode(): void {
    this.wechat.login.expireQrCode();
  }

  /** The user logs the bot out on the phone: its session is worth nothing from now on. */
  async phoneLogout(): Promise<void> {
    this.wechat.login.endSession();
    await this.wechat.wire.client?.logOut('logged out on the phone');
  }

  /** The puppet's connection breaks: it reports an error, and does nothing more until a puppet is started again. */
  breakConnection(reason = 'connection lost'): void {
    this.wechat.wire.client?.loseConnection(reason);
  }

  #person(id: string): Person {
    const directory = {
      contactId: (named: Named) => this.#contactId(named),
      roomId: (named: Named) => this.#roomId(named),
    };
    return new Person(this.wechat, directory, this.wechat.people.get(id));
  }

  #conversationId(named: Named): string {
    const { people, rooms } = this.wechat;
    const id = idOf(named);
    if (people.has(id) || rooms.has(id)) {
      return id;
    }
    const isTopic = [...rooms.all()].some(({ topic }) => topic === id);
    return isTopic ? this.#roomId(id) : this.#contactId(id);
  }

  #contactId(named: Named): string {
    const name = idOf(named);
    const { people } = this.wechat;
    if (people.has(name)) {
      return name;
    }
    return theOnly(
      'contact',
      name,
      [...people.all()].filter((one) => one.alias === name || one.name === name),
    );
  }

  #roomId(named: Named): string {
    const name = idOf(named);
    const { rooms } = this.wechat;
    return rooms.has(name)
      ? name
      : theOnly(
          'room',
          name,
          [...rooms.all()].filter(({ topic }) => topic === name),
        );
  }
}

function theOnly(noun: string, name: string, found: readonly { readonly id: string }[]): string {
  const [first, ...others] = found;
  if (!first) {
    throw new Error(`the simulated world has no ${noun} "${name}"`);
  }
  if (others.length > 0) {
    throw new Error(`more than one ${noun} is called "${name}": ${found.map(({ id }) => id).join(', ')}`);
  }
  return first.id;
}
