import type { payloads } from 'wechaty-puppet';

import { type Content, isFile, messageTypeOf, textOf } from './content';

/** A message between any two accounts of the simulation. */
export interface SimulatedMessage {
  readonly id: string;
  readonly talkerId: string;
  /** Undefined for a direct message. */
  readonly roomId: string | undefined;
  /** The recipient of a direct message; undefined in a room. */
  readonly listenerId: string | undefined;
  readonly content: Content;
  /** The text of a text message; for other contents the title or file name. */
  readonly text: string;
  readonly mentionIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** The payload of the puppet. */
  readonly payload: payloads.Message;
}

/** The fields of a new message. */
export interface MessageDraft {
  readonly talkerId: string;
  readonly roomId?: string;
  readonly listenerId?: string;
  readonly content: Content;
  readonly mentionIds?: readonly string[];
}

const noMentions: readonly string[] = [];

function payloadOf(id: string, draft: MessageDraft, text: string, timestamp: number): payloads.Message {
  const { content, talkerId, roomId, mentionIds } = draft;
  const type = messageTypeOf(content);
  const filename = isFile(content) ? content.name : undefined;
  return roomId === undefined
    ? { id, talkerId, listenerId: draft.listenerId ?? '', text, timestamp, type, filename }
    : {
        id,
        talkerId,
        roomId,
        mentionIdList: [...(mentionIds ?? noMentions)],
        text,
        timestamp,
        type,
        filename,
      };
}

/** The message history, a ring buffer: ids are consecutive, so a lookup is one division. */
export class MessageLog {
  readonly #ring: (SimulatedMessage | undefined)[] = [];
  /** 16 digits, as in WeChat; a later process does not repeat the ids of an earlier one. */
  readonly #firstId = Date.now() * 1000 + 1;
  #created = 0;

  /** @param limit the number of messages kept */
  constructor(readonly limit: number) {}

  /** Creates a message with the next id, without adding it. */
  create(draft: MessageDraft): SimulatedMessage {
    const id = String(this.#firstId + this.#created++);
    const text = textOf(draft.content);
    const timestamp = Date.now();
    return {
      id,
      talkerId: draft.talkerId,
      roomId: draft.roomId,
      listenerId: draft.listenerId,
      content: draft.content,
      text,
      mentionIds: draft.mentionIds ?? noMentions,
      timestamp,
      payload: payloadOf(id, draft, text, timestamp),
    };
  }

  /** Adds a message created here, and evicts the one created `limit` messages before it. */
  add(message: SimulatedMessage): void {
    this.#ring[this.#slot(message.id)] = message;
  }

  /** The message with this id; undefined if there is none or it was evicted. */
  find(id: string): SimulatedMessage | undefined {
    const message = this.#ring[this.#slot(id)];
    return message?.id === id ? message : undefined;
  }

  /** The id of the latest message; undefined before the first one. */
  get newestId(): string | undefined {
    return this.#created === 0 ? undefined : String(this.#firstId + this.#created - 1);
  }

  /** The messages after the one with id `after`, oldest first. */
  *since(after?: string): Generator<SimulatedMessage> {
    const oldest = Math.max(0, this.#created - this.limit);
    const first = after === undefined ? oldest : Math.max(oldest, Number(after) - this.#firstId + 1);
    for (let index = first; index < this.#created; index++) {
      const message = this.find(String(this.#firstId + index));
      if (message) {
        yield message;
      }
    }
  }

  #slot(id: string): number {
    return (Number(id) - this.#firstId) % this.limit;
  }
}
