/**
 * Finds entries while somebody types: what was read once is kept in memory, and only what changed is read again.
 */
import { setTimeout as pause, setImmediate as breathe } from 'node:timers/promises';

/** How entries are listed and read. */
export interface SearchSource<Entry> {
  list(): Promise<string[]>;
  /** Undefined for one that cannot be read. */
  read(id: string): Promise<Entry | undefined>;
  /** What an entry is found by, its id among them. */
  texts(entry: Entry): readonly string[];
}

/** What was found. */
export interface Found<Entry> {
  readonly entries: readonly Entry[];
  /** How many fit in all. */
  readonly total: number;
  /** Whether everything has been read; otherwise there may be more to find in a moment. */
  readonly isComplete: boolean;
}

/** Entries read at once; between two batches everybody else has a turn. */
const batch = 25;

/** The age at which the list is read again, since not every puppet tells of changes, in ms. */
const staleness = 60_000;

/** Time for reading what changed before an answer is given from what is known, in ms. */
const patience = 30;

interface Row<Entry> {
  readonly entry: Entry;
  readonly texts: readonly string[];
}

/**
 * How well texts fit what somebody types: 0 one is exactly that, 1 one begins so, 2 it is in one, undefined in none.
 * Both must be in lower case.
 */
export function rankOf(texts: readonly string[], wanted: string): 0 | 1 | 2 | undefined {
  let best: 0 | 1 | 2 | undefined;
  for (const text of texts) {
    const at = text.indexOf(wanted);
    if (at < 0) continue;
    const rank = at > 0 ? 2 : text.length > wanted.length ? 1 : 0;
    if (best === undefined || rank < best) best = rank;
  }
  return best;
}

/** An index over the contacts or the rooms of one account. */
export class SearchIndex<Entry> {
  readonly #source: SearchSource<Entry>;
  readonly #rows = new Map<string, Row<Entry>>();
  /** In the puppet's order. */
  #ids: readonly string[] = [];
  #stale = new Set<string>();
  #listedAt = -Infinity;
  #refreshing: Promise<void> | undefined;

  constructor(source: SearchSource<Entry>) {
    this.#source = source;
  }

  /** To be called when an entry changed, came or went. */
  forget(id: string): void {
    this.#stale.add(id);
    this.relist();
  }

  /** To be called when there may be new entries. */
  relist(): void {
    this.#listedAt = -Infinity;
  }

  /**
   * The entries with `query` in one of their texts, upper or lower case: first those that are called exactly so, then
   * those that begin so. All entries for an empty query.
   * @param first how many to skip.
   * @throws WechatError when the list cannot be read.
   */
  async search(query: string, first: number, count: number): Promise<Found<Entry>> {
    const isComplete = await this.#refreshed();
    const wanted = query.trim().toLowerCase();
    const fitting = wanted === '' ? this.#all() : this.#ranked(wanted);
    return { entries: fitting.slice(first, first + count), total: fitting.length, isComplete };
  }

  /** An entry that was read already. */
  known(id: string): Entry | undefined {
    return this.#rows.get(id)?.entry;
  }

  #all(): Entry[] {
    return this.#ids.flatMap((id) => this.#rows.get(id)?.entry ?? []);
  }

  #ranked(wanted: string): Entry[] {
    const ranks: [Entry[], Entry[], Entry[]] = [[], [], []];
    for (const id of this.#ids) {
      const row = this.#rows.get(id);
      if (!row) continue;
      const rank = rankOf(row.texts, wanted);
      if (rank !== undefined) ranks[rank].push(row.entry);
    }
    return ranks.flat();
  }

  /** Whether all is known, after a short time in which that may still come about. */
  async #refreshed(): Promise<boolean> {
    if (Date.now() - this.#listedAt < staleness && !this.#refreshing) return true;
    const refreshing = (this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    }));
    const late = new AbortController();
    const inTime = refreshing.then(() => true);
    // A failure that comes when nobody waits any more has no one to tell.
    inTime.catch(() => undefined);
    try {
      const waiting = pause(patience, false, { signal: late.signal, ref: false });
      waiting.catch(() => undefined);
      return await Promise.race([inTime, waiting]);
    } finally {
      late.abort();
    }
  }

  async #refresh(): Promise<void> {
    const stale = this.#stale;
    this.#stale = new Set();
    // Set before reading: what changes meanwhile makes it old again.
    this.#listedAt = Date.now();
    try {
      this.#ids = await this.#source.list();
      const present = new Set(this.#ids);
      for (const id of this.#rows.keys()) if (!present.has(id)) this.#rows.delete(id);
      const unread = this.#ids.filter((id) => stale.has(id) || !this.#rows.has(id));
      for (let start = 0; start < unread.length; start += batch) {
        await Promise.all(unread.slice(start, start + batch).map((id) => this.#read(id)));
        await breathe();
      }
    } catch (error) {
      for (const id of stale) this.#stale.add(id);
      this.relist();
      throw error;
    }
  }

  async #read(id: string): Promise<void> {
    const entry = await this.#source.read(id);
    if (entry === undefined) {
      this.#rows.delete(id);
      return;
    }
    const texts = this.#source.texts(entry).filter(Boolean);
    this.#rows.set(id, { entry, texts: texts.map((text) => text.toLowerCase()) });
  }
}
