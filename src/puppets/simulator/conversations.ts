import { EventEmitter } from 'node:events';

import type { Content } from './content';
import type { MessageLog, SimulatedMessage } from './messages';
import type { Contacts } from './contacts';
import type { RoomRecord, Rooms } from './rooms';
import type { ClientChannel } from './client-channel';

const RECALL_LIMIT_MS = 2 * 60 * 1000;
const mentionAllIds = ['@all', 'notify@all', 'announcement@all'];

/** Sending and recalling messages, with WeChat's rules of who may send where. */
export class Conversations {
  readonly messageEvents = new EventEmitter<{ message: [SimulatedMessage] }>();
  readonly #unread = new Set<string>();
  readonly #recalled = new WeakSet<SimulatedMessage>();

  constructor(
    readonly contacts: Contacts,
    readonly rooms: Rooms,
    readonly log: MessageLog,
    readonly channel: ClientChannel,
  ) {
    this.messageEvents.setMaxListeners(0);
  }

  /**
   * Sends a message to a room or a contact.
   * @throws Error if the talker may not send there.
   */
  say(
    talkerId: string,
    conversationId: string,
    content: Content,
    mentionIds: readonly string[] = [],
  ): SimulatedMessage {
    if (content.kind === 'text' && content.text === '') {
      throw new Error('an empty text cannot be sent');
    }
    if (this.rooms.has(conversationId)) {
      const room = this.rooms.get(conversationId);
      this.#checkMember(room, talkerId);
      const mentioned = mentionIds.length === 0 ? mentionIds : this.#mentioned(room, talkerId, mentionIds);
      return this.#deliver(
        this.log.create({ talkerId, roomId: conversationId, content, mentionIds: mentioned }),
      );
    }
    this.#checkFriends(talkerId, conversationId);
    return this.#deliver(this.log.create({ talkerId, listenerId: conversationId, content }));
  }

  /**
   * Takes a message back.
   * @throws Error if it is not the talker's own, older than two minutes or recalled already.
   */
  recall(talkerId: string, messageId: string): SimulatedMessage {
    const message = this.get(messageId);
    if (message.talkerId !== talkerId) {
      throw new Error(`message ${messageId} was said by somebody else and cannot be recalled`);
    }
    if (this.#recalled.has(message)) {
      throw new Error(`message ${messageId} is recalled already`);
    }
    // eslint-disable-next-line no-restricted-syntax -- the time of a message
    if (Date.now() - message.timestamp > RECALL_LIMIT_MS) {
      throw new Error(`message ${messageId} is older than two minutes and cannot be recalled`);
    }
    this.#recalled.add(message);
    const { roomId, listenerId } = message;
    return this.#deliver(
      this.log.create({ talkerId, roomId, listenerId, content: { kind: 'recall', messageId } }),
    );
  }

  /** Delivers a message to the bot again. */
  redeliver(messageId: string): void {
    this.channel.emit('message', { messageId: this.get(messageId).id });
  }

  /** @throws Error if the message does not exist or was evicted. */
  get(messageId: string): SimulatedMessage {
    const message = this.log.find(messageId);
    if (!message) {
      throw new Error(`no such message, or too old: ${messageId}`);
    }
    return message;
  }

  /** Whether the bot can see a message: its own, sent to it, or in a room it was in. */
  isSeen(message: SimulatedMessage): boolean {
    const { id } = this.contacts.self;
    return message.roomId === undefined
      ? message.talkerId === id || message.listenerId === id
      : this.rooms.get(message.roomId).isVisible;
  }

  /** The id of the room, or of the contact at the other end, that a message belongs to. */
  conversationOf(message: SimulatedMessage): string {
    return (
      message.roomId ??
      (message.talkerId === this.contacts.self.id ? (message.listenerId ?? '') : message.talkerId)
    );
  }

  /** Whether a message was recalled. */
  isRecalled(message: SimulatedMessage): boolean {
    return this.#recalled.has(message);
  }

  isRead(conversationId: string): boolean {
    return !this.#unread.has(conversationId);
  }

  markRead(conversationId: string, read: boolean): void {
    if (read) {
      this.#unread.delete(conversationId);
    } else {
      this.#unread.add(conversationId);
    }
  }

  #deliver(message: SimulatedMessage): SimulatedMessage {
    this.log.add(message);
    const selfId = this.contacts.self.id;
    if (message.roomId === undefined || this.rooms.get(message.roomId).hasBot) {
      if (message.talkerId !== selfId) {
        this.#unread.add(this.conversationOf(message));
      }
      this.channel.emit('message', { messageId: message.id });
    }
    this.messageEvents.emit('message', message);
    return message;
  }

  #checkMember(room: RoomRecord, talkerId: string): void {
    if (!room.has(talkerId)) {
      throw new Error(`${talkerId} is not in room "${room.topic}" (${room.id})`);
    }
  }

  #checkFriends(talkerId: string, listenerId: string): void {
    const { self } = this.contacts;
    const talker = this.contacts.get(talkerId);
    const listener = this.contacts.get(listenerId);
    if (talker !== self && listener !== self) {
      throw new Error(`${talkerId} can only talk to the bot; what others tell each other is not simulated`);
    }
    const other = talker === self ? listener : talker;
    if (other !== self && other !== this.contacts.fileHelper && !other.friend) {
      throw new Error(
        `${other.id} (${other.name}) is not a friend of the bot, so no messages pass between them`,
      );
    }
  }

  #mentioned(room: RoomRecord, talkerId: string, ids: readonly string[]): readonly string[] {
    return ids.some((id) => mentionAllIds.includes(id))
      ? room.memberIds.filter((id) => id !== talkerId)
      : ids.filter((id) => room.has(id));
  }
}
