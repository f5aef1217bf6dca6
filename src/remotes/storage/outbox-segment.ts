/** On-disk format of the outbox: messages grouped into segments, one segment per write. */
import type { StoreOperation } from './store-operation';

/** A message to be published. */
export interface OutgoingMessage {
  /** One line of text, such as JSON. */
  readonly body: string;
  /** Absent for events, which all go to the same topic. */
  readonly topic?: string;
  /** Correlation data of a response, in Base64. */
  readonly correlation?: string;
}

/** The priority classes, most urgent first. Their index is part of the keys on disk. */
export const priorities = ['responses', 'events', 'heartbeats'] as const;
/** A priority class. */
export type Priority = (typeof priorities)[number];

/** A queued message that has not been acknowledged. */
export class PendingMessage {
  isSettled = false;

  constructor(
    readonly message: OutgoingMessage,
    readonly segment: Segment,
  ) {}

  get priority(): Priority {
    return this.segment.priority;
  }
}

/** The prefix of the keys of all segments. */
export const segmentKeyPrefix = 'o!';

/** Maximum size of a segment: the smaller, the fewer messages are published twice after a crash. */
const maxSegment = { messages: 256, bytes: 256 * 1024 };

/** Estimated size of a message beside its texts, in bytes. */
const overheadBytes = 64;

/** Messages that are stored, and deleted, together. */
export class Segment {
  /** `undefined` while they are only on disk. */
  messages: PendingMessage[] | undefined;
  /** How many messages `Outbox.next` has returned. */
  handedOut = 0;
  /** How many messages are acknowledged or dropped. */
  settledCount = 0;

  private constructor(
    readonly priority: Priority,
    readonly sequence: number,
    readonly count: number,
    readonly bytes: number,
    /** Its key on disk; `undefined` when it is only in memory. */
    public key: string | undefined,
  ) {}

  /** A segment of new messages, in memory only. */
  static create(priority: Priority, sequence: number, messages: readonly OutgoingMessage[]): Segment {
    const segment = new Segment(priority, sequence, messages.length, byteSize(messages), undefined);
    segment.#fill(messages);
    return segment;
  }

  /** A segment stored by a previous run; `undefined` when the key is not one of a segment. */
  static fromKey(key: string): Segment | undefined {
    const [, number = '', sequence = '', count = '', bytes = ''] = key.split('!');
    const priority = priorities[Number(number)];
    return priority && new Segment(priority, Number(sequence), Number(count), Number(bytes), key);
  }

  get isSettled(): boolean {
    return this.settledCount === this.count;
  }

  /** Assigns the key, ordered by priority and sequence, and returns the operation that stores the segment. */
  toPutOperation(): StoreOperation {
    const sequence = String(this.sequence).padStart(15, '0');
    this.key = `${segmentKeyPrefix}${priorities.indexOf(this.priority)}!${sequence}!${this.count}!${this.bytes}`;
    const value = (this.messages ?? []).map(serializeMessage).join('\n');
    return { type: 'put', key: this.key, value, isFreshKey: true };
  }

  /** Restores the messages from the stored value; without those that are damaged. */
  decode(value: string | undefined): PendingMessage[] {
    return this.#fill((value ?? '').split('\n').filter(Boolean).flatMap(parseMessage));
  }

  #fill(messages: readonly OutgoingMessage[]): PendingMessage[] {
    this.messages = messages.map((message) => new PendingMessage(message, this));
    return this.messages;
  }
}

/** Splits messages into portions of at most one segment. */
export function* chunk(messages: readonly OutgoingMessage[]): Generator<readonly OutgoingMessage[]> {
  let portion: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    portion.push(message);
    bytes += byteSize([message]);
    if (portion.length < maxSegment.messages && bytes < maxSegment.bytes) continue;
    yield portion;
    portion = [];
    bytes = 0;
  }
  if (portion.length > 0) yield portion;
}

/** Whether messages are few and small enough for the write-ahead log. */
export function isSmallBatch(messages: readonly OutgoingMessage[]): boolean {
  return messages.length <= maxSegment.messages && byteSize(messages) <= maxSegment.bytes / 4;
}

function byteSize(messages: readonly OutgoingMessage[]): number {
  let bytes = 0;
  for (const { body, topic = '', correlation = '' } of messages)
    bytes += body.length + topic.length + correlation.length + overheadBytes;
  return bytes;
}

/** A message with its own topic has it before the body; JSON contains no literal tab. */
function serializeMessage({ message: { body, topic, correlation = '' } }: PendingMessage): string {
  return topic === undefined ? body : `${JSON.stringify([topic, correlation])}\t${body}`;
}

/** The message in a line; none when its prefix is damaged. */
function parseMessage(line: string): OutgoingMessage[] {
  const tab = line.indexOf('\t');
  if (tab < 0) return [{ body: line }];
  try {
    const prefix: unknown = JSON.parse(line.slice(0, tab));
    if (!Array.isArray(prefix)) return [];
    const [topic, correlation] = prefix as unknown[];
    if (typeof topic !== 'string' || typeof correlation !== 'string') return [];
    return [{ body: line.slice(tab + 1), topic, ...(correlation ? { correlation } : {}) }];
  } catch {
    return [];
  }
}
