/**
 * What waits to be published: written down before it counts, forgotten when it was acknowledged. Letters are kept in
 * blocks, as many as came during one write, because one record of fifty letters costs little more than one of one.
 *
 * Three lanes, each in order: answers overtake events, and heartbeats come last and are the first to be dropped when
 * there is no more room.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Parcel } from './letters';
import { areFew, Block, blockKeys, type Lane, lanes, type Letter, portions } from './letters';
import type { Operation, Store } from './store';

export type { Lane, Letter, Parcel } from './letters';

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
    // Answers need not keep their order; events must not overtake those that are being written down.
    const mayBeFirst = lane === 'answers' || (!forming && this.#options.store.isIdle);
    if (mayBeFirst && areFew(letters)) return this.#record(lane, letters, operations);
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

  async #record(lane: Lane, letters: readonly Letter[], operations: readonly Operation[]): Promise<void> {
    const block = this.#block(lane, letters);
    this.#arriving += letters.length;
    try {
      await this.#options.store.record([block.put(), ...operations]);
    } catch (error) {
      block.key = undefined;
      this.#options.onUnwritable(error);
      throw error;
    } finally {
      this.#arriving -= letters.length;
      this.#push(block);
      this.#makeRoom();
      this.onReady();
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

  async #writeDown(lane: Lane, forming: { letters: Letter[]; operations: Operation[] }): Promise<void> {
    let blocks: Block[] = [];
    try {
      await this.#options.store.commit(() => {
        this.#forming.delete(lane);
        blocks = [...portions(forming.letters)].map((some) => this.#block(lane, some));
        return [...blocks.map((block) => block.put()), ...forming.operations];
      });
    } catch (error) {
      for (const block of blocks) block.key = undefined;
      this.#options.onUnwritable(error);
      throw error;
    } finally {
      for (const block of blocks) this.#push(block);
      this.#arriving -= forming.letters.length;
      this.#makeRoom();
      this.onReady();
    }
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
