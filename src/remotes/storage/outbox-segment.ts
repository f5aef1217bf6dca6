/** What waits in an outbox, and how it looks on disk: letters in blocks, as many as came at once. */
import type { Operation } from './key-value-store';

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
export class Parcel {
  isSettled = false;

  constructor(
    readonly letter: Letter,
    readonly block: Block,
  ) {}

  get lane(): Lane {
    return this.block.lane;
  }
}

/** The beginning of all keys of blocks. */
export const blockKeys = 'o!';

/** Letters in one block at most: the smaller, the less is sent twice after a crash. */
const most = { letters: 256, bytes: 256 * 1024 };

/** Added to each letter's length for what surrounds it. */
const overhead = 64;

/** Letters that are written down, and forgotten, together. */
export class Block {
  /** Only on disk when absent. */
  parcels: Parcel[] | undefined;
  /** How many were handed over. */
  taken = 0;
  /** How many need no more care. */
  settled = 0;

  private constructor(
    readonly lane: Lane,
    readonly sequence: number,
    readonly count: number,
    readonly bytes: number,
    /** Under which it is on disk; undefined where it is not. */
    public key: string | undefined,
  ) {}

  /** A block of new letters, which is in memory. */
  static of(lane: Lane, sequence: number, letters: readonly Letter[]): Block {
    const block = new Block(lane, sequence, letters.length, sizeOf(letters), undefined);
    block.#fill(letters);
    return block;
  }

  /** A block of an earlier life, by its key; undefined where the key is none of a block. */
  static found(key: string): Block | undefined {
    const [, number = '', sequence = '', count = '', bytes = ''] = key.split('!');
    const lane = lanes[Number(number)];
    return lane && new Block(lane, Number(sequence), Number(count), Number(bytes), key);
  }

  get isSettled(): boolean {
    return this.settled === this.count;
  }

  /** Gives the block its place on disk: in the order of the lanes, and of what came. */
  put(): Operation {
    const sequence = String(this.sequence).padStart(15, '0');
    this.key = `${blockKeys}${lanes.indexOf(this.lane)}!${sequence}!${this.count}!${this.bytes}`;
    const value = (this.parcels ?? []).map(lineOf).join('\n');
    return { type: 'put', key: this.key, value, isNew: true };
  }

  /** Takes what was read from its place on disk. */
  load(value: string | undefined): Parcel[] {
    return this.#fill((value ?? '').split('\n').filter(Boolean).map(letterOf));
  }

  #fill(letters: readonly Letter[]): Parcel[] {
    this.parcels = letters.map((letter) => new Parcel(letter, this));
    return this.parcels;
  }
}

/** Letters in portions that fit into one block each. */
export function* portions(letters: readonly Letter[]): Generator<readonly Letter[]> {
  let some: Letter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    some.push(letter);
    bytes += sizeOf([letter]);
    if (some.length < most.letters && bytes < most.bytes) continue;
    yield some;
    some = [];
    bytes = 0;
  }
  if (some.length > 0) yield some;
}

/** Whether letters are few and small enough for a place in the journal. */
export function areFew(letters: readonly Letter[]): boolean {
  return letters.length <= most.letters && sizeOf(letters) <= most.bytes / 4;
}

function sizeOf(letters: readonly Letter[]): number {
  let bytes = 0;
  for (const { body, topic = '', correlation = '' } of letters)
    bytes += body.length + topic.length + correlation.length + overhead;
  return bytes;
}

/** A letter with a topic of its own has it in front of its body; JSON has no tab of its own. */
function lineOf({ letter: { body, topic, correlation = '' } }: Parcel): string {
  return topic === undefined ? body : `${JSON.stringify([topic, correlation])}\t${body}`;
}

function letterOf(line: string): Letter {
  const tab = line.startsWith('[') ? line.indexOf('\t') : -1;
  if (tab < 0) return { body: line };
  const [topic, correlation] = JSON.parse(line.slice(0, tab)) as [string, string];
  return { body: line.slice(tab + 1), topic, ...(correlation ? { correlation } : {}) };
}
