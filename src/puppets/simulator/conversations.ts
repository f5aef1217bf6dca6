import { EventEmitter } from 'node:events';

import type { Content } from './content';
import type { MessageLog, WorldMessage } from './messages';
import type { People } from './contacts';
import type { RoomRecord, Rooms } from './rooms';
import type { Wire } from './client-channel';

const RECALL_LIMIT_MS = 2 * 60 * 1000;
const everybodyMarks = ['@all', 'notify@all', 'announcement@all'];

/** Everything that is said, by whomever, with WeChat's rules of who may say what where. */
export class Conversations {
  readonly said = new EventEmitter<{ message: [WorldMessage] }>();
  readonly #unread = new Set<string>();
  readonly #recalled = new WeakSet<WorldMessage>();

  constructor(
    readonly people: People,
    readonly rooms: Rooms,
    readonly log: MessageLog,
    readonly wire: Wire,
  ) {
    this.said.setMaxListeners(0);
  }

  /**
   * Says something in a room or to a person.
   * @throws Error if the talker may not speak there.
   */
  say(
    talkerId: string,
    conversationId: string,
    content: Content,
    mentionIds: readonly string[] = [],
  ): WorldMessage {
    if (content.kind === 'text' && content.text === '') {
      throw new Error('an empty text cannot be sent');
    }
    if (this.rooms.has(conversationId)) {
      const room = this.rooms.get(conversationId);
      this.#checkMember(room, talkerId);
      const mentioned = mentionIds.length === 0 ? mentionIds : this.#mentioned(room, talkerId, mentionIds);
      return this.#deliver(
        this.log.make({ talkerId, roomId: conversationId, content, mentionIds: mentioned }),
      );
    }
    this.#checkFriends(talkerId, conversationId);
    return this.#deliver(this.log.make({ talkerId, listenerId: conversationId, content }));
  }

  /**
   * Takes a message back.
   * @throws Error if it is not the talker's own, older than two minutes or recalled already.
   */
  recall(talkerId: string, messageId: string): WorldMessage {
    const message = this.get(messageId);
    if (message.talkerId !== talkerId) {
      throw new Error(`message ${messageId} was said by somebody else and cannot be recalled`);
    }
    if (this.#recalled.has(message)) {
      throw new Error(`message ${messageId} is recalled already`);
    }
    if (Date.now() - message.timestamp > RECALL_LIMIT_MS) {
      throw new Error(`message ${messageId} is older than two minutes and cannot be recalled`);
    }
    this.#recalled.add(message);
    const { roomId, listenerId } = message;
    return this.#deliver(
      this.log.make({ talkerId, roomId, listenerId, content: { kind: 'recall', messageId } }),
    );
  }

  /** Tells the bot of a message once more. */
  redeliver(messageId: string): void {
    this.wire.tell('message', { messageId: this.get(messageId).id });
  }

  /** @throws Error if the message never was or is forgotten. */
  get(messageId: string): WorldMessage {
    const message = this.log.find(messageId);
    if (!message) {
      throw new Error(`no such message, or too old: ${messageId}`);
    }
    return message;
  }

  /** Whether the bot can see a message: it is to, from or among the bot. */
  isSeen(message: WorldMessage): boolean {
    const { id } = this.people.self;
    return message.roomId === undefined
      ? message.talkerId === id || message.listenerId === id
      : this.rooms.get(message.roomId).known;
  }

  /** The id of the room, or of the person the bot talks with, that a message belongs to. */
  conversationOf(message: WorldMessage): string {
    return (
      message.roomId ??
      (message.talkerId === this.people.self.id ? (message.listenerId ?? '') : message.talkerId)
    );
  }

  /** Whether a message was taken back. */
  isRecalled(message: WorldMessage): boolean {
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

  #deliver(message: WorldMessage): WorldMessage {
    this.log.keep(message);
    const selfId = this.people.self.id;
    if (message.roomId === undefined || this.rooms.get(message.roomId).hasBot) {
      if (message.talkerId !== selfId) {
        this.#unread.add(this.conversationOf(message));
      }
      this.wire.tell('message', { messageId: message.id });
    }
    this.said.emit('message', message);
    return message;
  }

  #checkMember(room: RoomRecord, talkerId: string): void {
    if (!room.has(talkerId)) {
      throw new Error(`${talkerId} is not in room "${room.topic}" (${room.id})`);
    }
  }

  #checkFriends(talkerId: string, listenerId: string): void {
    const { self } = this.people;
    const talker = this.people.get(talkerId);
    const listener = this.people.get(listenerId);
    if (talker !== self && listener !== self) {
      throw new Error(`${talkerId} can only talk to the bot; what others tell each other is not simulated`);
    }
    const other = talker === self ? listener : talker;
    if (other !== self && !other.friend) {
      throw new Error(
        `${other.id} (${other.name}) is not a friend of the bot, so no messages pass between them`,
      );
    }
  }

  #mentioned(room: RoomRecord, talkerId: string, ids: readonly string[]): readonly string[] {
    return ids.some((id) => everybodyMarks.includes(id))
      ? room.memberIds.filter((id) => id !== talkerId)
      : ids.filter((id) => room.has(id));
  }
}
