import type { CallCounter } from './calls';
import type { SimulatedMessage } from './messages';
import type { Faults, SimulatorOptions } from './options';
import { idOf, type Reference, Person } from './person';
import { Room } from './room';
import { waitForMessage, type WaitOptions } from './wait-for-message';
import { WeChat } from './wechat';

/** Selects messages. */
export interface MessageFilter {
  /** A room, or the contact at the other end. */
  readonly conversation?: Reference;
  /** Only messages after this one. */
  readonly after?: Reference;
}

/**
 * A simulated WeChat in memory: the bot's account, friends, other contacts and rooms. The bot acts through a puppet,
 * everybody else through this class: `simulation.contact('Ming').say('ding').to(simulation.self)`.
 */
export class Simulation {
  /** The state that the puppet works on; tests and demos use the methods of this class. */
  readonly wechat: WeChat;

  constructor(options: SimulatorOptions = {}) {
    this.wechat = new WeChat(options);
  }

  /** The bot's own account; what it does here, its user does on the phone. */
  get self(): Person {
    return this.#person(this.wechat.contacts.self.id);
  }

  /** Counts of puppet calls. */
  get calls(): CallCounter {
    return this.wechat.calls;
  }

  /** The faults injected from now on. */
  get faults(): Faults {
    return this.wechat.faults;
  }

  set faults(faults: Faults) {
    this.wechat.faults = { ...faults };
  }

  /** The QR code that is shown, or undefined. */
  get qrCode(): string | undefined {
    return this.wechat.login.qrCode;
  }

  /** Whether the phone has scanned the QR code and must still confirm. */
  get isQrCodeScanned(): boolean {
    return this.wechat.login.isScanned;
  }

  /**
   * A contact by id, alias or name, exactly.
   * @throws Error if there is none, or more than one.
   */
  contact(reference: Reference): Person {
    return this.#person(this.#contactId(reference));
  }

  /**
   * A room by id or topic, exactly; also one without the bot.
   * @throws Error if there is none, or more than one.
   */
  room(reference: Reference): Room {
    return new Room(this.wechat.rooms.get(this.#roomId(reference)));
  }

  /** All contacts but the bot, friends first. */
  contacts(): Person[] {
    return [...this.wechat.contacts.all()].slice(1).map(({ id }) => this.#person(id));
  }

  /** All rooms, those with the bot first. */
  rooms(): Room[] {
    return [...this.wechat.rooms.all()].map((record) => new Room(record));
  }

  /** The messages in the history, oldest first. */
  messages({ conversation, after }: MessageFilter = {}): SimulatedMessage[] {
    const { conversations } = this.wechat;
    const messages = [...conversations.log.since(after === undefined ? undefined : idOf(after))];
    if (conversation === undefined) {
      return messages;
    }
    const id = this.#conversationId(conversation);
    return messages.filter((message) => conversations.conversationOf(message) === id);
  }

  /** Adds a listener for every message, those of the bot included. Returns the function that removes it. */
  on(event: 'message', listener: (message: SimulatedMessage) => void): () => void {
    const { messageEvents } = this.wechat.conversations;
    messageEvents.on(event, listener);
    return () => {
      messageEvents.off(event, listener);
    };
  }

  /**
   * The next message that matches or, with `after`, the first one since then.
   * @throws Error (rejects) after `timeout` ms (default: 5,000), or with the reason of an aborted `signal`.
   */
  nextMessage({
    conversation,
    from,
    after,
    ...wait
  }: MessageFilter & { from?: Reference } & WaitOptions = {}): Promise<SimulatedMessage> {
    const conversationId = conversation === undefined ? undefined : this.#conversationId(conversation);
    const talkerId = from === undefined ? undefined : this.#contactId(from);
    const { conversations } = this.wechat;
    const matches = (message: SimulatedMessage) =>
      (conversationId === undefined || conversations.conversationOf(message) === conversationId) &&
      (talkerId === undefined || message.talkerId === talkerId);
    const earlier = after === undefined ? undefined : this.messages({ after }).find(matches);
    return earlier ? Promise.resolve(earlier) : waitForMessage(conversations.messageEvents, matches, wait);
  }

  /** The bot's first message in the same conversation after `message`. Rejects as `nextMessage` does. */
  nextReply(message: SimulatedMessage, wait: WaitOptions = {}): Promise<SimulatedMessage> {
    const conversation = this.wechat.conversations.conversationOf(message);
    return this.nextMessage({ conversation, from: this.self, after: message, ...wait });
  }

  /** Delivers a message to the bot again, as WeChat sometimes does. */
  redeliver(message: Reference): void {
    this.wechat.conversations.redeliver(idOf(message));
  }

  /**
   * The phone scans the QR code and confirms; resolves when the bot is logged in. With `confirm: false` it only scans,
   * and `confirm()` or another scan completes the login.
   * @throws Error (rejects) if no QR code is shown.
   */
  async scan({ confirm = true }: { readonly confirm?: boolean } = {}): Promise<void> {
    this.wechat.login.scan();
    if (confirm) {
      await this.wechat.login.confirm();
    }
  }

  /**
   * The phone confirms the scanned login; resolves when the bot is logged in.
   * @throws Error (rejects) if no QR code is shown, or none was scanned.
   */
  confirm(): Promise<void> {
    return this.wechat.login.confirm();
  }

  /**
   * The QR code expires and a new one is shown.
   * @throws Error if none is shown.
   */
  expireQrCode(): void {
    this.wechat.login.expireQrCode();
  }

  /** The user logs the bot out on the phone, which invalidates its session. */
  async phoneLogout(): Promise<void> {
    this.wechat.login.endSession();
    await this.wechat.channel.client?.logOut('logged out on the phone');
  }

  /** Breaks the puppet's connection: it emits an error, and all its calls fail until it is started again. */
  breakConnection(reason = 'connection lost'): void {
    this.wechat.channel.client?.failConnection(reason);
  }

  #person(id: string): Person {
    const directory = {
      contactId: (reference: Reference) => this.#contactId(reference),
      roomId: (reference: Reference) => this.#roomId(reference),
    };
    return new Person(this.wechat, directory, this.wechat.contacts.get(id));
  }

  #conversationId(reference: Reference): string {
    const { contacts, rooms } = this.wechat;
    const id = idOf(reference);
    if (contacts.has(id) || rooms.has(id)) {
      return id;
    }
    const isTopic = [...rooms.all()].some(({ topic }) => topic === id);
    return isTopic ? this.#roomId(id) : this.#contactId(id);
  }

  #contactId(reference: Reference): string {
    const name = idOf(reference);
    const { contacts } = this.wechat;
    if (contacts.has(name)) {
      return name;
    }
    return onlyMatch(
      'contact',
      name,
      [...contacts.all()].filter((contact) => contact.alias === name || contact.name === name),
    );
  }

  #roomId(reference: Reference): string {
    const name = idOf(reference);
    const { rooms } = this.wechat;
    return rooms.has(name)
      ? name
      : onlyMatch(
          'room',
          name,
          [...rooms.all()].filter(({ topic }) => topic === name),
        );
  }
}

function onlyMatch(noun: string, name: string, found: readonly { readonly id: string }[]): string {
  const [first, ...others] = found;
  if (!first) {
    throw new Error(`the simulation has no ${noun} "${name}"`);
  }
  if (others.length > 0) {
    throw new Error(`more than one ${noun} is called "${name}": ${found.map(({ id }) => id).join(', ')}`);
  }
  return first.id;
}
