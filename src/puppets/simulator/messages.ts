import type { payloads } from 'wechaty-puppet';

import { type Content, isFile, messageTypeOf, textOf } from './content';

/** A message of the simulated world, from whomever to whomever. */
export interface WorldMessage {
  readonly id: string;
  readonly talkerId: string;
  /** The room it was said in; of a direct message undefined. */
  readonly roomId: string | undefined;
  /** Whom a direct message was for; in a room undefined. */
  readonly listenerId: string | undefined;
  readonly content: Content;
  /** The text of a text message; of anything else its title or file name. */
  readonly text: string;
  readonly mentionIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** What a puppet reports, ready made. */
  readonly payload: payloads.Message;
}

/** What a new message is made of. */
export interface Draft {
  readonly talkerId: string;
  readonly roomId?: string;
  readonly listenerId?: string;
  readonly content: Content;
  readonly mentionIds?: readonly string[];
}

const FIRST_ID = 1_000_000_000_000_001;
const nobody: readonly string[] = [];

function payloadOf(id: string, draft: Draft, text: string, timestamp: number): payloads.Message {
  const { content, talkerId, roomId, mentionIds } = draft;
  const type = messageTypeOf(content);
  const filename = isFile(content) ? content.name : undefined;
  return roomId === undefined
    ? { id, talkerId, listenerId: draft.listenerId ?? '', text, timestamp, type, filename }
    : { id, talkerId, roomId, mentionIdList: [...(mentionIds ?? nobody)], text, timestamp, type, filename };
}

/** The latest messages of a world. Ids count up, so a lookup is one division, and memory stays bounded. */
export class MessageLog {
  readonly #ring: (WorldMessage | undefined)[] = [];
  #made = 0;

  /** @param limit how many messages are remembered */
  constructor(readonly limit: number) {}

  /** Makes a message with the next id, without remembering it. */
  make(draft: Draft): WorldMessage {
    const id = String(FIRST_ID + this.#made++);
    const text = textOf(draft.content);
    const timestamp = Date.now();
    return {
      id,
      talkerId: draft.talkerId,
      roomId: draft.roomId,
      listenerId: draft.listenerId,
      content: draft.content,
      text,
      mentionIds: draft.mentionIds ?? nobody,
      timestamp,
      payload: payloadOf(id, draft, text, timestamp),
    };
  }

  /** Remembers a message made here, and forgets the one made `limit` messages before it. */
  keep(message: WorldMessage): void {
    this.#ring[this.#slot(message.id)] = message;
  }

  /** The message with this id, or undefined if there never was one or it is forgotten. */
  find(id: string): WorldMessage | undefined {
    const message = this.#ring[this.#slot(id)];
    return message?.id === id ? message : undefined;
  }

  /** The id of the message made last, or undefined before the first one. */
  get newestId(): string | undefined {
    return this.#made === 0 ? undefined : String(FIRST_ID + this.#made - 1);
  }

  /** All remembered messages made after the one with id `after`, oldest first. */
  *since(after?: string): Generator<WorldMessage> {
    const oldest = Math.max(0, this.#made - this.limit);
    const first = after === undefined ? oldest : Math.max(oldest, Number(after) - FIRST_ID + 1);
    for (let index = first; index < this.#made; index++) {
      const message = this.find(String(FIRST_ID + index));
      if (message) {
        yield message;
      }
    }
  }

  #slot(id: string): number {
    return (Number(id) - FIRST_ID) % this.limit;
  }
}
