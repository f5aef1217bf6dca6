/** The segments of one priority class of an outbox, in order. All operations take constant time. */
import type { OutgoingMessage, Segment } from './outbox-segment';

/** A write in progress; `segments` is set once it has finished. */
export interface PendingWrite {
  segments?: readonly Segment[];
}

/** Segments waiting to be published, and those in flight. */
export class SegmentQueue {
  /** From `#first` on, those of which no message was handed out. */
  #waiting: Segment[] = [];
  #first = 0;
  /** Of which messages were handed out, and not all are settled; the last one may have more. */
  readonly #inFlight = new Set<Segment>();
  #current: Segment | undefined;
  /** Messages collected for the next batch write. */
  pendingBatch: { readonly messages: OutgoingMessage[]; readonly written: Promise<void> } | undefined;
  /** Writes that have not finished, or finished before an earlier one. */
  readonly pendingWrites: PendingWrite[] = [];

  push(segment: Segment): void {
    this.#waiting.push(segment);
  }

  /** The segment whose messages are handed out next. */
  get current(): Segment | undefined {
    if (!this.#current) {
      this.#current = this.shift();
      if (this.#current) this.#inFlight.add(this.#current);
    }
    return this.#current;
  }

  /** All messages of the current segment were handed out. */
  advance(): void {
    this.#current = undefined;
  }

  /** Removes the oldest segment of which no message was handed out. */
  shift(): Segment | undefined {
    const segment = this.#waiting[this.#first];
    if (!segment) return undefined;
    this.#first += 1;
    // Removed in portions: removing from the front of a long array is slow.
    if (this.#first > 1024 && this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return segment;
  }

  /** Removes a settled segment. */
  remove(segment: Segment): void {
    this.#inFlight.delete(segment);
    if (this.#current === segment) this.#current = undefined;
  }

  /** Makes all segments wait again, in their order. */
  requeue(): void {
    for (const segment of this.#inFlight) segment.handedOut = 0;
    this.#waiting = [...this.#inFlight, ...this.#waiting.slice(this.#first)];
    this.#first = 0;
    this.#inFlight.clear();
    this.#current = undefined;
  }
}
