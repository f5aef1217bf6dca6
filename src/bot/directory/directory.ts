/**
 * Finds contacts and rooms among thousands by what people call them, with one puppet call per entry and without
 * holding up anybody else while it reads.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { WechatError } from '../errors';
import { fitting, parsePattern } from './pattern';
import { type Found, SearchIndex } from './search-index';

/** How a puppet lists and reads one kind of thing. */
export interface DirectorySource<Payload> {
  list(): Promise<string[]>;
  read(id: string): Payload | Promise<Payload>;
  /** By what else than its id an entry is known. */
  names(payload: Payload): readonly string[];
  notFound(query: string): WechatError;
  ambiguous(query: string, ids: readonly string[]): WechatError;
}

/** Entries read at once; between two batches everybody else has a turn. */
const batch = 100;

/** A list not older than this is not read again just because a name was not in it, in ms. */
const freshness = 2_000;

/** The age, in ms, at which a list of names is no longer trusted. */
const staleness = 60_000;

interface Index {
  readonly builtAt: number;
  readonly ids: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

/** The contacts or the rooms of one account. */
export class Directory<Payload extends { readonly id: string }> {
  readonly #source: DirectorySource<Payload>;
  readonly #search: SearchIndex<Payload>;
  #index: Index | undefined;
  #building: Promise<Index> | undefined;
  /** Those of the last index, outdated as they may be. */
  #lastNames: Index['byName'] = new Map();

  constructor(source: DirectorySource<Payload>) {
    this.#source = source;
    this.#search = new SearchIndex({
      list: () => source.list(),
      read: (id) => this.#tryRead(id),
      texts: (entry) => [...source.names(entry), entry.id],
    });
  }

  /** Finds entries by a part of a name or id, from memory: see `SearchIndex.search`. */
  search(query: string, first: number, count: number): Promise<Found<Payload>> {
    return this.#search.search(query, first, count);
  }

  /** An entry that a search has read. */
  known(id: string): Payload | undefined {
    return this.#search.known(id);
  }

  /** Everything, in the puppet's order. Entries the puppet cannot read are left out. */
  async all(): Promise<Payload[]> {
    return this.#readAll(await this.#source.list());
  }

  /** The one entry with this id. @throws WechatError NOT_FOUND */
  async byId(id: string): Promise<Payload> {
    const payload = await this.#tryRead(id);
    if (!payload) throw this.#source.notFound(id);
    return payload;
  }

  /**
   * All entries meant by `query`: the one with this id, else all with exactly this name, else, for a query of
   * the form `/pattern/flags`, all of which a name matches.
   * @throws WechatError INVALID_PARAMS when the pattern is not one.
   */
  async find(query: string): Promise<Payload[]> {
    const pattern = parsePattern(query);
    if (pattern) return fitting(await this.all(), pattern, (entry) => this.#source.names(entry));
    if (!this.#index || this.#index.ids.has(query) || !this.#index.byName.has(query)) {
      const byId = await this.#tryRead(query);
      if (byId) return [byId];
    }
    return (await this.#byName(query, staleness)) ?? (await this.#byName(query, freshness)) ?? [];
  }

  /** The one entry meant by `query`. @throws WechatError NOT_FOUND, or INVALID_PARAMS when it names several. */
  async one(query: string): Promise<Payload> {
    const [first, ...others] = await this.find(query);
    if (!first) throw this.#source.notFound(query);
    if (others.length > 0) {
      throw this.#source.ambiguous(
        query,
        [first, ...others].map((entry) => entry.id),
      );
    }
    return first;
  }

  /** The ids of those with this name when names were read last, without reading them; none where they never were. */
  idsOf(name: string): readonly string[] {
    return this.#lastNames.get(name) ?? [];
  }

  /** All entries meant by a `/pattern/`, at least one; of anything else the one meant. @throws as `one` does. */
  async each(query: string): Promise<Payload[]> {
    if (!parsePattern(query)) return [await this.one(query)];
    const found = await this.find(query);
    if (found.length === 0) throw this.#source.notFound(query);
    return found;
  }

  /** Forgets the names; to be called with the id of what was renamed, added or removed. */
  forget(id: string): void {
    this.#search.forget(id);
    this.#forgetNames();
  }

  /** To be called when there may be new entries. */
  relist(): void {
    this.#search.relist();
    this.#forgetNames();
  }

  #forgetNames(): void {
    this.#index = undefined;
    this.#building = undefined;
  }

  /** Looks in an index at most `age` ms old; what it finds is read again, so that a renamed entry is no hit. */
  async #byName(name: string, age: number): Promise<Payload[] | undefined> {
    const isFresh = this.#index && Date.now() - this.#index.builtAt <= age;
    const index = isFresh && this.#index ? this.#index : await this.#build();
    const candidates = await Promise.all((index.byName.get(name) ?? []).map((id) => this.#tryRead(id)));
    const hits = candidates.filter(
      (entry) => entry !== undefined && this.#source.names(entry).includes(name),
    );
    return hits.length > 0 ? (hits as Payload[]) : undefined;
  }

  /** Reads all names; a hundred lookups at once read them once. */
  async #build(): Promise<Index> {
    if (this.#building) return this.#building;
    const building = this.#readNames();
    this.#building = building;
    try {
      const index = await building;
      // Something changed meanwhile when it was forgotten: what was read serves those who waited, no one else.
      if (this.#building === building) this.#index = index;
      return index;
    } finally {
      if (this.#building === building) this.#building = undefined;
    }
  }

  async #readNames(): Promise<Index> {
    const ids = await this.#source.list();
    const byName = new Map<string, string[]>();
    for (const entry of await this.#readAll(ids)) {
      for (const name of new Set(this.#source.names(entry))) {
        if (name) byName.set(name, [...(byName.get(name) ?? []), entry.id]);
      }
    }
    this.#lastNames = byName;
    return { builtAt: Date.now(), ids: new Set(ids), byName };
  }

  async #readAll(ids: readonly string[]): Promise<Payload[]> {
    const entries: Payload[] = [];
    for (let start = 0; start < ids.length; start += batch) {
      const some = await Promise.all(ids.slice(start, start + batch).map((id) => this.#tryRead(id)));
      for (const entry of some) if (entry) entries.push(entry);
      await breathe();
    }
    return entries;
  }

  async #tryRead(id: string): Promise<Payload | undefined> {
    try {
      const payload = await this.#source.read(id);
      // Damaged puppets resolve to nothing, or to somebody else.
      return (payload as Payload | undefined)?.id === id ? payload : undefined;
    } catch {
      return undefined;
    }
  }
}
