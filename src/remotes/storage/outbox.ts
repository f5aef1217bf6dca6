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
import { type PendingWrite, SegmentQueue } from './segment-queue';
import type { FailurePolicy } from './pending-changes';
import type { KeyValueStore } from './key-value-store';
import type { StoreOperation } from './store-operation';

export type { Priority, OutgoingMessage } from './outbox-segment';
export { PendingMessage } from './outbox-segment';

/** Storage, limits and callbacks of an outbox. */
export interface OutboxOptions {
  readonly store: KeyValueStore;
  /** Beyond this, the least urgent messages are evicted. */
  readonly maxBytes: number;
  /** Whether events are stored; responses always are. */
  readonly durable: boolean;
  /** Called with the number of messages that were dropped, together. */
  readonly onDropped: (count: number) => void;
}

/** Beyond this, stored messages are not held in memory, in bytes. */
const maxBytesInMemory = 8 * 1024 * 1024;

/** Persistent priority queue of outgoing messages. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queues: Readonly<Record<Priority, SegmentQueue>> = {
    responses: new SegmentQueue(),
    events: new SegmentQueue(),
    heartbeats: new SegmentQueue(),
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
   * @throws Error when they cannot be stored; they are published nevertheless, and stored when that is possible again.
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
      return this.#appendToLog(priority, messages, [], 'retry');
    queue.pendingBatch ??= this.#startBatch(priority);
    this.#writing += messages.length;
    for (const message of messages) queue.pendingBatch.messages.push(message);
    return queue.pendingBatch.written;
  }

  /**
   * Adds a response; resolves when it is stored, atomically with other changes. It is not published before: otherwise
   * its request could be executed, or answered, again after a crash.
   * @param onFailure whether to wait while the store cannot be written.
   * @throws Error when it cannot be stored.
   */
  appendResponse(
    messages: readonly OutgoingMessage[],
    changes: readonly StoreOperation[] = [],
    onFailure: 'discard' | 'wait' = 'discard',
  ): Promise<void> {
    return this.#appendToLog('responses', messages, changes, onFailure);
  }

  async #appendToLog(
    priority: Priority,
    messages: readonly OutgoingMessage[],
    changes: readonly StoreOperation[],
    onFailure: FailurePolicy,
  ): Promise<void> {
    const segment = this.#createSegment(priority, messages);
    const enqueueInOrder = this.#reservePosition(priority);
    this.#writing += messages.length;
    let isPublished = onFailure === 'retry';
    try {
      await this.#options.store.commitToLog([segment.toPutOperation(), ...changes], onFailure);
      isPublished = true;
    } finally {
      this.#writing -= messages.length;
      enqueueInOrder(isPublished ? [segment] : []);
    }
  }

  /** The next message to publish; returned again after `requeueUnacknowledged` unless it is acknowledged or dropped. */
  next(): PendingMessage | undefined {
    for (const priority of priorities) {
      const queue = this.#queues[priority];
      for (let segment = queue.current; segment; segment = queue.current) {
        const messages = segment.isSettled ? [] : this.#messagesOf(segment);
        if (!messages) return undefined;
        while (segment.handedOut < messages.length) {
          const message = messages[segment.handedOut];
          segment.handedOut += 1;
          if (message && !message.isSettled) return message;
        }
        queue.advance();
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

  /** Counts messages that were dropped before they could be added. */
  countDropped(count: number): void {
    if (count > 0) this.#countDropped(count);
  }

  /** Resolves when all messages are acknowledged, after `ms` at the latest. */
  async drained(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (this.#queued > 0 && performance.now() < until) await delay(10);
  }

  /** Makes `next` return all unacknowledged messages again, oldest first. */
  requeueUnacknowledged(): void {
    for (const priority of priorities) this.#queues[priority].requeue();
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
      }, 'retry');
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
    this.#queues[segment.priority].push(segment);
  }

  /** `undefined` while the store cannot be read. */
  #messagesOf(segment: Segment): readonly PendingMessage[] | undefined {
    if (segment.messages) return segment.messages;
    let stored: string | undefined;
    try {
      stored = segment.key === undefined ? undefined : this.#options.store.get(segment.key);
    } catch {
      return undefined;
    }
    const messages = segment.decode(stored);
    this.#bytesInMemory += segment.bytes;
    // Damaged messages can never be acknowledged.
    const missing = segment.count - segment.settledCount - messages.length;
    if (missing > 0) {
      this.#countSettled(segment, missing);
      this.#countDropped(missing);
    }
    return messages;
  }

  #settle(message: PendingMessage): boolean {
    if (message.isSettled) return false;
    message.isSettled = true;
    this.#countSettled(message.segment);
    return true;
  }

  #countSettled(segment: Segment, count = 1): void {
    segment.settledCount += count;
    this.#queued -= count;
    if (!segment.isSettled) return;
    this.#queues[segment.priority].remove(segment);
    this.#free(segment);
  }

  /** Gives the space of a segment back. */
  #free(segment: Segment): void {
    this.#bytes -= segment.bytes;
    if (segment.messages) this.#bytesInMemory -= segment.bytes;
    segment.messages = undefined;
    if (segment.key !== undefined) this.#options.store.deleteLazily(segment.key, segment.bytes);
  }

  /** Drops messages, least urgent first, until the rest fits. */
  #evict(): void {
    let count = 0;
    for (const priority of ['heartbeats', 'events', 'responses'] as const) {
      while (this.#bytes > this.#options.maxBytes) {
        const segment = this.#queues[priority].shift();
        if (!segment) break;
        if (segment.isSettled) continue;
        const unsettled = segment.count - segment.settledCount;
        segment.settledCount = segment.count;
        this.#queued -= unsettled;
        count += unsettled;
        this.#free(segment);
      }
    }
    if (count > 0) this.#countDropped(count);
  }

  #countDropped(count: number): void {
    this.#dropped += count;
    this.#options.store.putLazily('m!lost', String(this.#dropped));
    this.#options.onDropped(count);
  }
}
