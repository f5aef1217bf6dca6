/** Search as you type: entries are kept in memory, and only changed ones are read again. */
import { setTimeout as delay, setImmediate as yieldToEventLoop } from 'node:timers/promises';

/** Lists and reads entries. */
export interface SearchSource<Entry> {
  list(): Promise<string[]>;
  /** Undefined when the entry cannot be read. */
  read(id: string): Promise<Entry | undefined>;
  /** The searchable texts of an entry, including its id. */
  texts(entry: Entry): readonly string[];
}

/** One page of matches. */
export interface SearchResult<Entry> {
  readonly entries: readonly Entry[];
  /** The number of matches on all pages. */
  readonly total: number;
  /** Whether all entries have been read; if not, a later search may find more. */
  readonly isComplete: boolean;
}

/** Entries read at once; yields to the event loop between batches. */
const batchSize = 25;

/** Maximum age of the list, in ms, since not every puppet emits an event for changes. */
const maxAgeMs = 60_000;

/** Time a search waits for a refresh before it answers from memory, in ms. */
const refreshBudgetMs = 30;

interface Row<Entry> {
  readonly entry: Entry;
  readonly texts: readonly string[];
}

/**
 * Rank of the best match of `needle`: 0 equal, 1 prefix, 2 substring, undefined for no match. Texts and needle must be
 * in lower case.
 */
export function matchRank(texts: readonly string[], needle: string): 0 | 1 | 2 | undefined {
  let best: 0 | 1 | 2 | undefined;
  for (const text of texts) {
    const index = text.indexOf(needle);
    if (index < 0) continue;
    const rank = index > 0 ? 2 : text.length > needle.length ? 1 : 0;
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

  /** Marks an entry as outdated; called when it changed, was added or removed. */
  invalidate(id: string): void {
    this.#stale.add(id);
    this.invalidateList();
  }

  /** Marks the list as outdated; called when there may be new entries. */
  invalidateList(): void {
    this.#listedAt = -Infinity;
  }

  /**
   * The entries with `query` in one of their texts, ignoring case: equal ones first, then those that begin with it. All
   * entries for an empty query.
   * @throws WechatError when the list cannot be read.
   */
  async search(query: string, offset: number, limit: number): Promise<SearchResult<Entry>> {
    const isComplete = await this.#refreshWithinBudget();
    const needle = query.trim().toLowerCase();
    const matches = needle === '' ? this.#all() : this.#ranked(needle);
    return { entries: matches.slice(offset, offset + limit), total: matches.length, isComplete };
  }

  /** An entry that was read already. */
  getCached(id: string): Entry | undefined {
    return this.#rows.get(id)?.entry;
  }

  #all(): Entry[] {
    return this.#ids.flatMap((id) => this.#rows.get(id)?.entry ?? []);
  }

  #ranked(needle: string): Entry[] {
    const ranks: [Entry[], Entry[], Entry[]] = [[], [], []];
    for (const id of this.#ids) {
      const row = this.#rows.get(id);
      if (!row) continue;
      const rank = matchRank(row.texts, needle);
      if (rank !== undefined) ranks[rank].push(row.entry);
    }
    return ranks.flat();
  }

  /** Refreshes for at most `refreshBudgetMs`, then continues in the background; whether it finished. */
  async #refreshWithinBudget(): Promise<boolean> {
    if (performance.now() - this.#listedAt < maxAgeMs && !this.#refreshing) return true;
    const refreshing = (this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    }));
    const finished = refreshing.then(() => true);
    // A failure after the budget reaches no search; the next one reads again.
    finished.catch(() => undefined);
    const cancellation = new AbortController();
    try {
      const budget = delay(refreshBudgetMs, false, { signal: cancellation.signal, ref: false });
      budget.catch(() => undefined);
      return await Promise.race([finished, budget]);
    } finally {
      cancellation.abort();
    }
  }

  async #refresh(): Promise<void> {
    const stale = this.#stale;
    this.#stale = new Set();
    // Set before reading: an invalidation meanwhile must win.
    this.#listedAt = performance.now();
    try {
      this.#ids = await this.#source.list();
      const present = new Set(this.#ids);
      for (const id of this.#rows.keys()) if (!present.has(id)) this.#rows.delete(id);
      const unread = this.#ids.filter((id) => stale.has(id) || !this.#rows.has(id));
      for (let start = 0; start < unread.length; start += batchSize) {
        await Promise.all(unread.slice(start, start + batchSize).map((id) => this.#read(id)));
        await yieldToEventLoop();
      }
    } catch (error) {
      for (const id of stale) this.#stale.add(id);
      this.invalidateList();
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
