/**
 * What waits to be published: written down before it counts, forgotten when it was acknowledged. Letters are kept in
 * blocks, as many as came during one write, because one record of fifty letters costs little more than one of one.
 *
 * Three lanes, each in order: answers overtake events, and heartbeats come last and are the first to be dropped when
 * there is no more room.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Parcel } from './outbox-segment';
import { areFew, Block, blockKeys, type Lane, lanes, type Letter, portions } from './outbox-segment';
import type { Operation, Store } from './key-value-store';

export type { Lane, Letter, Parcel } from './outbox-segment';

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

/** Beyond this, letters that wait are not held in memory, in bytes. */
const inMemory = 8 * 1024 * 1024;

/** A write; once it has ended, with what was written. */
interface Arrival {
  blocks?: readonly Block[];
}

class Queue {
  blocks: Block[] = [];
  /** The first block with letters to hand over. */
  next = 0;
  /** What goes into the next write of the database. */
  forming: { readonly letters: Letter[]; readonly written: Promise<void> } | undefined;
  /** Writes that have not ended, or not before all earlier ones. */
  readonly arrivals: Arrival[] = [];
}

/** Letters that wait, in files and in memory. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queues: Readonly<Record<Lane, Queue>> = {
    answers: new Queue(),
    events: new Queue(),
    heartbeats: new Queue(),
  };
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
    for await (const key of this.#options.store.keys(blockKeys)) {
      const block = Block.found(key);
      if (!block) continue;
      this.#sequence = Math.max(this.#sequence, block.sequence);
      this.#push(block);
    }
  }

  /**
   * Adds events or heartbeats; resolves when they are written down.
   * @throws Error when they could not be written; they are sent all the same.
   */
  append(lane: Exclude<Lane, 'answers'>, letters: readonly Letter[]): Promise<void> {
    const { durable, store } = this.#options;
    if (!durable) {
      this.#enter([this.#block(lane, letters)]);
      return Promise.resolve();
    }
    const queue = this.#queues[lane];
    // Behind letters that still gather: those get their place on disk only when they are written.
    if (!queue.forming && store.isCalm && areFew(letters)) return this.#record(lane, letters, []);
    queue.forming ??= this.#form(lane);
    this.#arriving += letters.length;
    for (const letter of letters) queue.forming.letters.push(letter);
    return queue.forming.written;
  }

  /**
   * Adds an answer; resolves when it is written down, together with other changes. Answers to different questions
   * need not keep their order.
   * @throws Error when it could not be written; it is sent all the same.
   */
  answer(letters: readonly Letter[], changes: readonly Operation[] = []): Promise<void> {
    return this.#record('answers', letters, changes);
  }

  async #record(lane: Lane, letters: readonly Letter[], changes: readonly Operation[]): Promise<void> {
    const block = this.#block(lane, letters);
    const arrive = this.#arrival(lane);
    this.#arriving += letters.length;
    try {
      await this.#options.store.record([block.put(), ...changes]);
    } catch (error) {
      block.key = undefined;
      this.#options.onUnwritable(error);
      throw error;
    } finally {
      this.#arriving -= letters.length;
      arrive([block]);
    }
  }

  /** The next letter, if there is one; it must be acknowledged, or will be handed over again after `rewind`. */
  take(): Parcel | undefined {
    for (const lane of lanes) {
      const queue = this.#queues[lane];
      for (let block = queue.blocks[queue.next]; block; block = queue.blocks[queue.next]) {
        if (!block.isSettled) {
          const parcels = this.#load(block);
          while (block.taken < parcels.length) {
            const parcel = parcels[block.taken];
            block.taken += 1;
            if (parcel && !parcel.isSettled) return parcel;
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

  #form(lane: Lane): { letters: Letter[]; written: Promise<void> } {
    const letters: Letter[] = [];
    return { letters, written: this.#writeDown(lane, letters) };
  }

  async #writeDown(lane: Lane, letters: readonly Letter[]): Promise<void> {
    const queue = this.#queues[lane];
    const arrive = this.#arrival(lane);
    let blocks: Block[] = [];
    try {
      await this.#options.store.commit(() => {
        queue.forming = undefined;
        blocks = [...portions(letters)].map((some) => this.#block(lane, some));
        return blocks.map((block) => block.put());
      });
    } catch (error) {
      for (const block of blocks) block.key = undefined;
      this.#options.onUnwritable(error);
      throw error;
    } finally {
      this.#arriving -= letters.length;
      arrive(blocks);
    }
  }

  /**
   * Takes a place in a lane for letters that are being written down: what is written down sooner waits behind it.
   * @returns to be called with them when they are.
   */
  #arrival(lane: Lane): (blocks: readonly Block[]) => void {
    const { arrivals } = this.#queues[lane];
    const arrival: Arrival = {};
    arrivals.push(arrival);
    return (blocks) => {
      arrival.blocks = blocks;
      for (let first = arrivals[0]; first?.blocks; first = arrivals[0]) {
        arrivals.shift();
        this.#enter(first.blocks);
      }
    };
  }

  #enter(blocks: readonly Block[]): void {
    for (const block of blocks) this.#push(block);
    this.#makeRoom();
    this.onReady();
  }

  #block(lane: Lane, letters: readonly Letter[]): Block {
    this.#sequence += 1;
    return Block.of(lane, this.#sequence, letters);
  }

  #push(block: Block): void {
    this.#bytes += block.bytes;
    this.#waiting += block.count;
    if (block.parcels) {
      if (block.key !== undefined && this.#hot > inMemory) block.parcels = undefined;
      else this.#hot += block.bytes;
    }
    this.#queues[block.lane].blocks.push(block);
  }

  #load(block: Block): readonly Parcel[] {
    if (block.parcels) return block.parcels;
    const parcels = block.load(block.key === undefined ? undefined : this.#options.store.get(block.key));
    this.#hot += block.bytes;
    // Only if somebody meddled with the files: what is not there cannot be waited for.
    for (let missing = parcels.length; missing < block.count; missing += 1) this.#settleIn(block);
    return parcels;
  }

  #settle(parcel: Parcel): boolean {
    if (parcel.isSettled) return false;
    parcel.isSettled = true;
    this.#settleIn(parcel.block);
    return true;
  }

  #settleIn(block: Block): void {
    block.settled += 1;
    this.#waiting -= 1;
    if (block.isSettled) this.#forget(block);
  }

  #forget(block: Block): void {
    this.#bytes -= block.bytes;
    if (block.parcels) this.#hot -= block.bytes;
    block.parcels = undefined;
    if (block.key !== undefined) this.#options.store.removeSoon(block.key);
    const queue = this.#queues[block.lane];
    let settled = 0;
    while (queue.blocks[settled]?.isSettled) {
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
        if (!block || block.taken > 0 || block.isSettled) continue;
        const unsettled = block.count - block.settled;
        block.settled = block.count;
        this.#waiting -= unsettled;
        this.#bytes -= block.bytes;
        if (block.parcels) this.#hot -= block.bytes;
        block.parcels = undefined;
        if (block.key !== undefined) this.#options.store.removeSoon(block.key);
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
