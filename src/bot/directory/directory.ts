/**
 * Resolves names of contacts and rooms to entries, with one puppet call per entry; yields to the event loop while it
 * reads thousands of them.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { WechatError } from '../errors';
import { type Pattern, parsePattern, PatternSearch } from '../pattern';
import { matchRank, type SearchResult, SearchIndex } from './search-index';

/** Lists and reads one kind of entry. */
export interface DirectorySource<Payload> {
  list(): Promise<string[]>;
  read(id: string): Payload | Promise<Payload>;
  /** The names of an entry besides its id. */
  names(payload: Payload): readonly string[];
  /** Entries that can be named though the puppet may not list or read them. They match no `/pattern/`. */
  readonly wellKnown?: readonly Payload[];
  notFoundError(query: string): WechatError;
  ambiguousError(query: string, ids: readonly string[]): WechatError;
}

/** Entries read at once; yields to the event loop between batches. */
const batchSize = 100;

/** Minimum age, in ms, at which an unknown name causes the index to be read again. */
const minRefreshMs = 2_000;

/** Maximum age of the index, in ms. */
const maxAgeMs = 60_000;

/** A part of a list. */
export interface Part {
  readonly offset?: number;
  readonly limit?: number;
}

interface Index {
  readonly builtAt: number;
  readonly ids: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

/** The contacts or the rooms of one account. */
export class Directory<Payload extends { readonly id: string }> {
  readonly #source: DirectorySource<Payload>;
  readonly #wellKnown: readonly Payload[];
  readonly #search: SearchIndex<Payload>;
  #index: Index | undefined;
  #building: Promise<Index> | undefined;
  /** The names of the last index, possibly outdated. */
  #lastByName: Index['byName'] = new Map();

  constructor(source: DirectorySource<Payload>) {
    this.#source = source;
    this.#wellKnown = source.wellKnown ?? [];
    this.#search = new SearchIndex({
      list: () => source.list(),
      read: (id) => this.#tryRead(id),
      texts: (entry) => [...source.names(entry), entry.id],
    });
  }

  /** Finds entries by a part of a name or id, from memory: see `SearchIndex.search`. */
  async search(query: string, offset: number, limit: number): Promise<SearchResult<Payload>> {
    const { entries, total, isComplete } = await this.#search.search(query, offset, limit);
    const needle = query.trim().toLowerCase();
    const unlisted = this.#wellKnown.filter(
      (entry) =>
        needle !== '' &&
        !this.#search.getCached(entry.id) &&
        matchRank([...this.#source.names(entry), entry.id], needle) !== undefined,
    );
    const isLastPage = offset + entries.length >= total;
    return {
      entries: isLastPage ? [...entries, ...unlisted].slice(0, limit) : entries,
      total: total + unlisted.length,
      isComplete,
    };
  }

  /** An entry that a search has read already. */
  getCached(id: string): Payload | undefined {
    return this.#search.getCached(id);
  }

  /** All entries in the puppet's order, without those it cannot read, or a part of them. */
  all(part: Part = {}): Promise<Payload[]> {
    return this.#filter(
      () => true,
      part,
      (entry) => entry,
    );
  }

  /** The one entry with this id. @throws WechatError NOT_FOUND */
  async byId(id: string): Promise<Payload> {
    const payload = await this.#tryRead(id);
    if (!payload) throw this.#source.notFoundError(id);
    return payload;
  }

  /**
   * All entries that match `query`: the one with this id, else all with exactly this name; for a query of the form
   * `/pattern/flags`, all with a name that matches the pattern.
   * @param part which of the entries that match the pattern.
   * @throws WechatError INVALID_PARAMS when the pattern is invalid.
   */
  async find(query: string, part: Part = {}): Promise<Payload[]> {
    const pattern = parsePattern(query);
    if (pattern) return this.#filter(this.#matches(pattern), part, (entry) => entry);
    const found = await this.#findExact(query);
    return found.slice(part.offset ?? 0, (part.offset ?? 0) + (part.limit ?? Infinity));
  }

  async #findExact(query: string): Promise<Payload[]> {
    const known = this.#wellKnown.find((entry) => this.#source.names(entry).includes(query));
    if (known) return [(await this.#tryRead(known.id)) ?? known];
    if (!this.#index || this.#index.ids.has(query) || !this.#index.byName.has(query)) {
      const byId = await this.#tryRead(query);
      if (byId) return [byId];
    }
    return (await this.#findByName(query, maxAgeMs)) ?? (await this.#findByName(query, minRefreshMs)) ?? [];
  }

  /** The one entry that matches `query`. @throws WechatError NOT_FOUND, or INVALID_PARAMS when several match. */
  async findOne(query: string): Promise<Payload> {
    const [first, ...others] = await this.find(query);
    if (!first) throw this.#source.notFoundError(query);
    if (others.length > 0) {
      throw this.#source.ambiguousError(
        query,
        [first, ...others].map((entry) => entry.id),
      );
    }
    return first;
  }

  /** The ids of the entries with this name in the last index, without a puppet call; empty before the first index. */
  cachedIdsByName(name: string): readonly string[] {
    return this.#lastByName.get(name) ?? [];
  }

  /** The ids: for a `/pattern/` of all matches, at least one; else of the one match. @throws as `findOne` does. */
  async findEachId(query: string): Promise<string[]> {
    const pattern = parsePattern(query);
    if (!pattern) return [(await this.findOne(query)).id];
    const found = await this.#filter(this.#matches(pattern), {}, ({ id }) => id);
    if (found.length === 0) throw this.#source.notFoundError(query);
    return found;
  }

  #matches(pattern: Pattern): (entry: Payload) => boolean {
    const search = new PatternSearch(pattern);
    return (entry) => search.matches(this.#source.names(entry));
  }

  /** Marks an entry as outdated; called when it was renamed, added or removed. */
  invalidate(id: string): void {
    this.#search.invalidate(id);
    this.#invalidateIndex();
  }

  /** Marks the list as outdated; called when there may be new entries. */
  invalidateList(): void {
    this.#search.invalidateList();
    this.#invalidateIndex();
  }

  #invalidateIndex(): void {
    this.#index = undefined;
    this.#building = undefined;
  }

  /** Looks in an index at most `maxAge` ms old; matches are read again, so that a renamed entry is none. */
  async #findByName(name: string, maxAge: number): Promise<Payload[] | undefined> {
    const isFresh = this.#index && performance.now() - this.#index.builtAt <= maxAge;
    const index = isFresh && this.#index ? this.#index : await this.#buildIndex();
    const candidates = await Promise.all((index.byName.get(name) ?? []).map((id) => this.#tryRead(id)));
    const matches = candidates.filter(
      (entry) => entry !== undefined && this.#source.names(entry).includes(name),
    );
    return matches.length > 0 ? (matches as Payload[]) : undefined;
  }

  /** Reads all names; concurrent lookups share one read. */
  async #buildIndex(): Promise<Index> {
    if (this.#building) return this.#building;
    const building = this.#readNames();
    this.#building = building;
    try {
      const index = await building;
      // Invalidated meanwhile: the result serves the lookups that awaited it and is not kept.
      if (this.#building === building) this.#index = index;
      return index;
    } finally {
      if (this.#building === building) this.#building = undefined;
    }
  }

  async #readNames(): Promise<Index> {
    const ids = await this.#source.list();
    const byName = new Map<string, string[]>();
    for await (const batch of this.#batches(ids)) {
      for (const entry of batch) {
        for (const name of new Set(entry ? this.#source.names(entry) : [])) {
          if (entry && name) byName.set(name, [...(byName.get(name) ?? []), entry.id]);
        }
      }
    }
    this.#lastByName = byName;
    return { builtAt: performance.now(), ids: new Set(ids), byName };
  }

  /** Reads in batches and keeps only what is asked for: a directory can be large, and searches concurrent. */
  async #filter<Kept>(
    matches: (entry: Payload) => boolean,
    { offset = 0, limit = Infinity }: Part,
    keep: (entry: Payload) => Kept,
  ): Promise<Kept[]> {
    const kept: Kept[] = [];
    let skipped = 0;
    for await (const batch of this.#batches(await this.#source.list())) {
      for (const entry of batch) {
        if (!entry || !matches(entry)) continue;
        if (skipped < offset) skipped += 1;
        else if (kept.push(keep(entry)) >= limit) return kept;
      }
    }
    return kept;
  }

  async *#batches(ids: readonly string[]): AsyncGenerator<(Payload | undefined)[]> {
    for (let start = 0; start < ids.length; start += batchSize) {
      yield Promise.all(ids.slice(start, start + batchSize).map((id) => this.#tryRead(id)));
      await yieldToEventLoop();
    }
  }

  async #tryRead(id: string): Promise<Payload | undefined> {
    try {
      const payload = await this.#source.read(id);
      // Faulty puppets resolve to undefined, or to another entry.
      if ((payload as Payload | undefined)?.id === id) return payload;
    } catch {
      // As good as none.
    }
    return this.#wellKnown.find((entry) => entry.id === id);
  }
}
