/**
 * Persistent outbox: a message is stored before it is published, and deleted once it is acknowledged. Messages that
 * arrive during one write share a segment, because storing fifty messages together costs little more than storing one.
 *
 * Three priority classes, each of them FIFO: responses overtake events; heartbeats come last and are evicted first when
 * the outbox is full.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type PendingMessage,
  isSmallBatch,
  Segment,
  segmentKeyPrefix,
  type Priority,
  priorities,
  type OutgoingMessage,
  chunk,
} from './outbox-segment';
import type { StoreOperation, KeyValueStore } from './key-value-store';

export type { Priority, OutgoingMessage } from './outbox-segment';
export { PendingMessage } from './outbox-segment';

/** Storage, limits and callbacks of an outbox. */
export interface OutboxOptions {
  readonly store: KeyValueStore;
  /** Beyond this, the least urgent messages are evicted. */
  readonly maxBytes: number;
  /** Whether events are stored; responses always are. */
  readonly durable: boolean;
  /** Called with the number of messages that were dropped. */
  readonly onDropped: (count: number) => void;
  readonly onWriteError: (error: unknown) => void;
}

/** Beyond this, stored messages are not held in memory, in bytes. */
const maxBytesInMemory = 8 * 1024 * 1024;

/** A write in progress; `segments` is set once it has finished. */
interface PendingWrite {
  segments?: readonly Segment[];
}

class PriorityQueue {
  segments: Segment[] = [];
  /** Index of the first segment with messages that `next` has not returned. */
  nextSegment = 0;
  /** Messages collected for the next batch write. */
  pendingBatch: { readonly messages: OutgoingMessage[]; readonly written: Promise<void> } | undefined;
  /** Writes that have not finished, or finished before an earlier one. */
  readonly pendingWrites: PendingWrite[] = [];
}

/** Persistent priority queue of outgoing messages. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queues: Readonly<Record<Priority, PriorityQueue>> = {
    responses: new PriorityQueue(),
    events: new PriorityQueue(),
    heartbeats: new PriorityQueue(),
  };
  #sequence = 0;
  #bytes = 0;
  #bytesInMemory = 0;
  #queued = 0;
  /** Number of messages being written. */
  #writing = 0;
  #dropped = 0;
  /** Called when `next` may return a message. */
  onReady: () => void = () => undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Number of messages not acknowledged yet. */
  get pending(): number {
    return this.#queued + this.#writing;
  }

  /** Number of messages dropped since the outbox was created, over all runs. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Loads the messages of the previous run. */
  async open(): Promise<void> {
    this.#dropped = Number(this.#options.store.get('m!lost') ?? 0);
    for await (const key of this.#options.store.keys(segmentKeyPrefix)) {
      const segment = Segment.fromKey(key);
      if (!segment) continue;
      this.#sequence = Math.max(this.#sequence, segment.sequence);
      this.#enqueue(segment);
    }
  }

  /**
   * Adds events or heartbeats; resolves when they are stored.
   * @throws Error when they cannot be stored; they are published nevertheless.
   */
  append(priority: Exclude<Priority, 'responses'>, messages: readonly OutgoingMessage[]): Promise<void> {
    const { durable, store } = this.#options;
    if (!durable) {
      this.#enqueueAll([this.#createSegment(priority, messages)]);
      return Promise.resolve();
    }
    const queue = this.#queues[priority];
    // A batch being collected gets its sequence numbers only when it is written: later messages must join it.
    if (!queue.pendingBatch && store.isIdle && isSmallBatch(messages))
      return this.#appendToLog(priority, messages, []);
    queue.pendingBatch ??= this.#startBatch(priority);
    this.#writing += messages.length;
    for (const message of messages) queue.pendingBatch.messages.push(message);
    return queue.pendingBatch.written;
  }

  /**
   * Adds a response; resolves when it is stored, atomically with other changes.
   * @throws Error when it cannot be stored; it is published nevertheless.
   */
  appendResponse(
    messages: readonly OutgoingMessage[],
    changes: readonly StoreOperation[] = [],
  ): Promise<void> {
    return this.#appendToLog('responses', messages, changes);
  }

  async #appendToLog(
    priority: Priority,
    messages: readonly OutgoingMessage[],
    changes: readonly StoreOperation[],
  ): Promise<void> {
    const segment = this.#createSegment(priority, messages);
    const enqueueInOrder = this.#reservePosition(priority);
    this.#writing += messages.length;
    try {
      await this.#options.store.commitToLog([segment.toPutOperation(), ...changes]);
    } catch (error) {
      segment.key = undefined;
      this.#options.onWriteError(error);
      throw error;
    } finally {
      this.#writing -= messages.length;
      enqueueInOrder([segment]);
    }
  }

  /** The next message to publish; returned again after `requeueUnacknowledged` unless it is acknowledged or dropped. */
  next(): PendingMessage | undefined {
    for (const priority of priorities) {
      const queue = this.#queues[priority];
      for (
        let segment = queue.segments[queue.nextSegment];
        segment;
        segment = queue.segments[queue.nextSegment]
      ) {
        if (!segment.isSettled) {
          const messages = this.#messagesOf(segment);
          while (segment.handedOut < messages.length) {
            const message = messages[segment.handedOut];
            segment.handedOut += 1;
            if (message && !message.isSettled) return message;
          }
        }
        queue.nextSegment += 1;
      }
    }
    return undefined;
  }

  /** Removes a message that the broker has received. */
  acknowledge(message: PendingMessage): void {
    this.#settle(message);
  }

  /** Removes a message that can never be delivered, and counts it. */
  drop(message: PendingMessage): void {
    if (this.#settle(message)) this.#countDropped(1);
  }

  /** Resolves when all messages are acknowledged, after `ms` at the latest. */
  async drained(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (this.#queued > 0 && Date.now() < until) await delay(10);
  }

  /** Makes `next` return all unacknowledged messages again, oldest first. */
  requeueUnacknowledged(): void {
    for (const priority of priorities) {
      const queue = this.#queues[priority];
      for (let index = 0; index <= queue.nextSegment; index += 1) {
        const segment = queue.segments[index];
        if (segment) segment.handedOut = 0;
      }
      queue.nextSegment = 0;
    }
  }

  #startBatch(priority: Priority): { messages: OutgoingMessage[]; written: Promise<void> } {
    const messages: OutgoingMessage[] = [];
    return { messages, written: this.#commitBatch(priority, messages) };
  }

  async #commitBatch(priority: Priority, messages: readonly OutgoingMessage[]): Promise<void> {
    const queue = this.#queues[priority];
    const enqueueInOrder = this.#reservePosition(priority);
    let segments: Segment[] = [];
    try {
      await this.#options.store.commit(() => {
        queue.pendingBatch = undefined;
        segments = [...chunk(messages)].map((portion) => this.#createSegment(priority, portion));
        return segments.map((segment) => segment.toPutOperation());
      });
    } catch (error) {
      for (const segment of segments) segment.key = undefined;
      this.#options.onWriteError(error);
      throw error;
    } finally {
      this.#writing -= messages.length;
      enqueueInOrder(segments);
    }
  }

  /**
   * Reserves the next position in a priority class for messages being written, whichever write finishes first.
   * @returns enqueues the written segments at that position.
   */
  #reservePosition(priority: Priority): (segments: readonly Segment[]) => void {
    const { pendingWrites } = this.#queues[priority];
    const write: PendingWrite = {};
    pendingWrites.push(write);
    return (segments) => {
      write.segments = segments;
      for (let first = pendingWrites[0]; first?.segments; first = pendingWrites[0]) {
        pendingWrites.shift();
        this.#enqueueAll(first.segments);
      }
    };
  }

  #enqueueAll(segments: readonly Segment[]): void {
    for (const segment of segments) this.#enqueue(segment);
    this.#evict();
    this.onReady();
  }

  #createSegment(priority: Priority, messages: readonly OutgoingMessage[]): Segment {
    this.#sequence += 1;
    return Segment.create(priority, this.#sequence, messages);
  }

  #enqueue(segment: Segment): void {
    this.#bytes += segment.bytes;
    this.#queued += segment.count;
    if (segment.messages) {
      if (segment.key !== undefined && this.#bytesInMemory > maxBytesInMemory) segment.messages = undefined;
      else this.#bytesInMemory += segment.bytes;
    }
    this.#queues[segment.priority].segments.push(segment);
  }

  #messagesOf(segment: Segment): readonly PendingMessage[] {
    if (segment.messages) return segment.messages;
    const messages = segment.decode(
      segment.key === undefined ? undefined : this.#options.store.get(segment.key),
    );
    this.#bytesInMemory += segment.bytes;
    // Happens only when the files were edited: missing messages can never be acknowledged.
    for (let missing = messages.length; missing < segment.count; missing += 1) this.#countSettled(segment);
    return messages;
  }

  #settle(message: PendingMessage): boolean {
    if (message.isSettled) return false;
    message.isSettled = true;
    this.#countSettled(message.segment);
    return true;
  }

  #countSettled(segment: Segment): void {
    segment.settledCount += 1;
    this.#queued -= 1;
    if (segment.isSettled) this.#remove(segment);
  }

  #remove(segment: Segment): void {
    this.#bytes -= segment.bytes;
    if (segment.messages) this.#bytesInMemory -= segment.bytes;
    segment.messages = undefined;
    if (segment.key !== undefined) this.#options.store.deleteLazily(segment.key);
    const queue = this.#queues[segment.priority];
    let settled = 0;
    while (queue.segments[settled]?.isSettled) {
      settled += 1;
    }
    // Removed in portions: removing from the front of a long array is slow.
    if (settled < 64 && settled < queue.segments.length) return;
    queue.segments.splice(0, settled);
    queue.nextSegment = Math.max(0, queue.nextSegment - settled);
  }

  /** Drops messages, least urgent first, until the rest fits. */
  #evict(): void {
    for (const priority of ['heartbeats', 'events', 'responses'] as const) {
      const { segments, nextSegment: next } = this.#queues[priority];
      for (let index = next; this.#bytes > this.#options.maxBytes && index < segments.length;) {
        const segment = segments[index];
        index += 1;
        if (!segment || segment.handedOut > 0 || segment.isSettled) continue;
        const unsettled = segment.count - segment.settledCount;
        segment.settledCount = segment.count;
        this.#queued -= unsettled;
        this.#bytes -= segment.bytes;
        if (segment.messages) this.#bytesInMemory -= segment.bytes;
        segment.messages = undefined;
        if (segment.key !== undefined) this.#options.store.deleteLazily(segment.key);
        this.#countDropped(unsettled);
      }
    }
  }

  #countDropped(count: number): void {
    this.#dropped += count;
    const value = String(this.#dropped);
    this.#options.store.commit([{ type: 'put', key: 'm!lost', value }]).catch(this.#options.onWriteError);
    this.#options.onDropped(count);
  }
}
