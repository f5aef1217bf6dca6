/**
 * What waits to be published: written down before it counts, forgotten when it was acknowledged. Letters are kept in
 * blocks, as many as came during one write, because one record of fifty letters costs little more than one of one.
 *
 * Three lanes, each in order: answers overtake events, and heartbeats come last and are the first to be dropped when
 * there is no more room.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Operation, Store } from './store';

/** Something to be published. */
export interface Letter {
  /** One line, as JSON texts are. */
  readonly body: string;
  /** Where to; an event without one goes where all events go. */
  readonly topic?: string;
  /** The correlation data that goes with an answer, in Base64. */
  readonly correlation?: string;
}

/** The lanes, in the order in which they are served. */
export const lanes = ['answers', 'events', 'heartbeats'] as const;
/** One of the lanes. */
export type Lane = (typeof lanes)[number];

/** A letter on its way. */
export interface Parcel {
  readonly letter: Letter;
  readonly lane: Lane;
}

/** What an outbox is made from. */
export interface OutboxOptions {
  readonly store: Store;
  /** How much may wait, in bytes. */
  readonly maxBytes: number;
  /** Whether events are written down; answers always are. */
  readonly durable: boolean;
  /** Told of letters that had to be dropped, or could not be written down. */
  readonly onLoss: (count: number) => void;
  readonly onUnwritable: (error: unknown) => void;
}

interface Block {
  readonly key: string;
  readonly lane: Lane;
  readonly count: number;
  readonly bytes: number;
  /** Only on disk when absent. */
  parcels: (Parcel & { done: boolean })[] | undefined;
  /** How many were handed over. */
  taken: number;
  /** How many need no more care. */
  settled: number;
}

/** Letters in one record at most: the smaller, the less is sent twice after a crash. */
const blockLetters = 256;
const blockBytes = 256 * 1024;

/** Beyond this, letters that wait are not held in memory, in bytes. */
const inMemory = 8 * 1024 * 1024;

/** Added to each letter's length for what surrounds it. */
const overhead = 64;

class Queue {
  blocks: Block[] = [];
  /** The first block with letters to hand over. */
  next = 0;
}

/** Letters that wait, in files and in memory. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queues: Readonly<Record<Lane, Queue>> = {
    answers: new Queue(),
    events: new Queue(),
    heartbeats: new Queue(),
  };
  readonly #forming = new Map<Lane, { letters: Letter[]; operations: Operation[]; written: Promise<void> }>();
  readonly #blockOf = new WeakMap<Parcel, Block>();
  #sequence = 0;
  #bytes = 0;
  #hot = 0;
  #waiting = 0;
  /** Letters that are being written down. */
  #arriving = 0;
  #lost = 0;
  /** Told when there is something to take. */
  onReady: () => void = () => undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Letters not acknowledged yet. */
  get waiting(): number {
    return this.#waiting + this.#arriving;
  }

  /** Letters dropped since the outbox was first made. */
  get lost(): number {
    return this.#lost;
  }

  /** Finds what an earlier life left. */
  async open(): Promise<void> {
    this.#lost = Number(this.#options.store.get('m!lost') ?? 0);
    for await (const key of this.#options.store.keys('o!')) {
      const [, lane = '', sequence = '', count = '', bytes = ''] = key.split('!');
      const name = lanes[Number(lane)];
      if (!name) continue;
      this.#sequence = Math.max(this.#sequence, Number(sequence));
      this.#push({
        key,
        lane: name,
        count: Number(count),
        bytes: Number(bytes),
        parcels: undefined,
        taken: 0,
        settled: 0,
      });
    }
  }

  /**
   * Adds letters; resolves when they are written down, together with other changes.
   * @throws Error when they could not be written; they are sent all the same.
   */
  append(lane: Lane, letters: readonly Letter[], operations: readonly Operation[] = []): Promise<void> {
    if (!this.#options.durable && lane !== 'answers') {
      this.#push(this.#block(lane, letters));
      this.#makeRoom();
      this.onReady();
      return Promise.resolve();
    }
    let forming = this.#forming.get(lane);
    if (!forming) {
      forming = { letters: [], operations: [], written: Promise.resolve() };
      this.#forming.set(lane, forming);
      forming.written = this.#writeDown(lane, forming);
    }
    this.#arriving += letters.length;
    for (const letter of letters) forming.letters.push(letter);
    for (const operation of operations) forming.operations.push(operation);
    return forming.written;
  }

  /** Like `append`, but the letters may leave before they are written down: for what can be made anew after a crash. */
  appendSoon(lane: Lane, letters: readonly Letter[], operations: readonly Operation[] = []): Promise<void> {
    const block = this.#block(lane, letters);
    const write: Operation = { type: 'put', key: block.key, value: written(block) };
    const done = this.#options.store.commit([write, ...operations]);
    this.#push(block, false);
    this.#makeRoom();
    this.onReady();
    return done;
  }

  /** The next letter, if there is one; it must be acknowledged, or will be handed over again after `rewind`. */
  take(): Parcel | undefined {
    for (const lane of lanes) {
      const queue = this.#queues[lane];
      for (let block = queue.blocks[queue.next]; block; block = queue.blocks[queue.next]) {
        if (block.settled < block.count) {
          const parcels = this.#load(block);
          while (block.taken < parcels.length) {
            const parcel = parcels[block.taken];
            block.taken += 1;
            if (parcel && !parcel.done) return parcel;
          }
        }
        queue.next += 1;
      }
    }
    return undefined;
  }

  /** The letter has arrived. */
  acknowledge(parcel: Parcel): void {
    this.#settle(parcel);
  }

  /** The letter will never arrive. */
  giveUp(parcel: Parcel): void {
    if (this.#settle(parcel)) this.#lose(1);
  }

  /** Resolves when all letters have left, after `ms` at the latest. */
  async drained(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (this.#waiting > 0 && Date.now() < until) await delay(10);
  }

  /** Hands over again, from the oldest on, all that was not acknowledged. */
  rewind(): void {
    for (const lane of lanes) {
      const queue = this.#queues[lane];
      for (let index = 0; index <= queue.next; index += 1) {
        const block = queue.blocks[index];
        if (block) block.taken = 0;
      }
      queue.next = 0;
    }
  }

  async #writeDown(lane: Lane, forming: { letters: Letter[]; operations: Operation[] }): Promise<void> {
    let blocks: Block[] = [];
    try {
      await this.#options.store.commit(() => {
        this.#forming.delete(lane);
        blocks = this.#blocks(lane, forming.letters);
        return [
          ...blocks.map((block): Operation => ({ type: 'put', key: block.key, value: written(block) })),
          ...forming.operations,
        ];
      });
      for (const block of blocks) this.#push(block);
    } catch (error) {
      for (const block of blocks) this.#push(block, false);
      this.#options.onUnwritable(error);
      throw error;
    } finally {
      this.#arriving -= forming.letters.length;
      this.#makeRoom();
      this.onReady();
    }
  }

  #blocks(lane: Lane, letters: readonly Letter[]): Block[] {
    const blocks: Block[] = [];
    let some: Letter[] = [];
    let bytes = 0;
    for (const letter of letters) {
      some.push(letter);
      bytes += sizeOf(letter);
      if (some.length < blockLetters && bytes < blockBytes) continue;
      blocks.push(this.#block(lane, some));
      some = [];
      bytes = 0;
    }
    if (some.length > 0) blocks.push(this.#block(lane, some));
    return blocks;
  }

  #block(lane: Lane, letters: readonly Letter[]): Block {
    this.#sequence += 1;
    const bytes = letters.reduce((sum, letter) => sum + sizeOf(letter), 0);
    const place = `o!${lanes.indexOf(lane)}!${String(this.#sequence).padStart(15, '0')}`;
    const parcels = letters.map((letter) => ({ letter, lane, done: false }));
    const key = `${place}!${letters.length}!${bytes}`;
    const block: Block = { key, lane, count: letters.length, bytes, parcels, taken: 0, settled: 0 };
    for (const parcel of parcels) this.#blockOf.set(parcel, block);
    return block;
  }

  #push(block: Block, stored = block.lane === 'answers' || this.#options.durable): void {
    this.#bytes += block.bytes;
    this.#waiting += block.count;
    if (block.parcels) {
      if (stored && this.#hot > inMemory) block.parcels = undefined;
      else this.#hot += block.bytes;
    }
    this.#queues[block.lane].blocks.push(block);
  }

  #load(block: Block): (Parcel & { done: boolean })[] {
    if (block.parcels) return block.parcels;
    const letters = read(this.#options.store.get(block.key) ?? '');
    const parcels = letters.map((letter) => ({ letter, lane: block.lane, done: false }));
    for (const parcel of parcels) this.#blockOf.set(parcel, block);
    block.parcels = parcels;
    this.#hot += block.bytes;
    // Only if somebody meddled with the files: what is not there cannot be waited for.
    for (let missing = parcels.length; missing < block.count; missing += 1) this.#settleIn(block);
    return parcels;
  }

  #settle(parcel: Parcel & { done?: boolean }): boolean {
    const block = this.#blockOf.get(parcel);
    if (!block || parcel.done) return false;
    parcel.done = true;
    this.#settleIn(block);
    return true;
  }

  #settleIn(block: Block): void {
    block.settled += 1;
    this.#waiting -= 1;
    if (block.settled === block.count) this.#forget(block);
  }

  #forget(block: Block): void {
    this.#bytes -= block.bytes;
    if (block.parcels) this.#hot -= block.bytes;
    block.parcels = undefined;
    this.#options.store.commit([{ type: 'del', key: block.key }]).catch(this.#options.onUnwritable);
    const queue = this.#queues[block.lane];
    let settled = 0;
    while (queue.blocks[settled]?.settled === queue.blocks[settled]?.count && settled < queue.blocks.length) {
      settled += 1;
    }
    // Not each time: removing from the front of a long list is slow.
    if (settled < 64 && settled < queue.blocks.length) return;
    queue.blocks.splice(0, settled);
    queue.next = Math.max(0, queue.next - settled);
  }

  /** Drops what may be dropped first, until the rest fits. */
  #makeRoom(): void {
    for (const lane of ['heartbeats', 'events', 'answers'] as const) {
      const { blocks, next } = this.#queues[lane];
      for (let index = next; this.#bytes > this.#options.maxBytes && index < blocks.length;) {
        const block = blocks[index];
        index += 1;
        if (!block || block.taken > 0 || block.settled === block.count) continue;
        const unsettled = block.count - block.settled;
        block.settled = block.count;
        this.#waiting -= unsettled;
        this.#bytes -= block.bytes;
        if (block.parcels) this.#hot -= block.bytes;
        block.parcels = undefined;
        this.#options.store.commit([{ type: 'del', key: block.key }]).catch(this.#options.onUnwritable);
        this.#lose(unsettled);
      }
    }
  }

  #lose(count: number): void {
    this.#lost += count;
    const value = String(this.#lost);
    this.#options.store.commit([{ type: 'put', key: 'm!lost', value }]).catch(this.#options.onUnwritable);
    this.#options.onLoss(count);
  }
}

function sizeOf({ body, topic = '', correlation = '' }: Letter): number {
  return body.length + topic.length + correlation.length + overhead;
}

/** A letter a line; one with a topic of its own is a list, one without is its body. */
function written({ parcels = [] }: Block): string {
  return parcels
    .map(({ letter: { body, topic, correlation } }) =>
      topic === undefined ? body : JSON.stringify([topic, correlation ?? '', body]),
    )
    .join('\n');
}

function read(value: string): Letter[] {
  return value.split('\n').map((line): Letter => {
    if (!line.startsWith('[')) return { body: line };
    const [topic, correlation, body] = JSON.parse(line) as [string, string, string];
    return { body, topic, ...(correlation ? { correlation } : {}) };
  });
}
