/**
 * File cache of a remote, with size and age limits: files that clients download or upload, under unguessable ids. Each
 * file has its own folder, so that it can keep the name its sender gave it.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { WechatError } from '../../bot/errors';
import { basenameOf, fileTooLargeError } from '../../commands/content/file-name';
import { mediaTypeOf } from '../../util/file-type';

/** A cached file. */
export interface CachedFile {
  /** Unguessable, because it grants access to the file. */
  readonly id: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly mime: string;
  /** Absolute path. */
  readonly path: string;
  /** Reads its content. @throws WechatError NOT_FOUND (`mediaNotFound`) when it has been evicted. */
  read(): Promise<Buffer>;
}

/** Folder and limits of a cache. */
export interface MediaCacheOptions {
  /** Used by this cache only. */
  readonly directory: string;
  /** Total size; the oldest files are evicted first. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

interface CacheEntry {
  readonly file: CachedFile;
  /** In ms since 1970. */
  readonly storedAt: number;
}

/** Time between two evictions, in ms. */
const evictIntervalMs = 60_000;

/** Longer names are truncated: file systems allow 255 bytes, and a Chinese character takes three. */
const maxNameLength = 80;

/** The file cache of one remote. */
export class MediaCache {
  readonly #options: MediaCacheOptions;
  readonly #now: () => number;
  /** Oldest first. */
  readonly #entries = new Map<string, CacheEntry>();
  readonly #evictTimer: NodeJS.Timeout;
  #opening: Promise<void> | undefined;
  #bytes = 0;

  constructor(options: MediaCacheOptions, now: () => number = Date.now) {
    this.#options = options;
    this.#now = now;
    this.#evictTimer = setInterval(() => {
      this.evict().catch(() => undefined);
    }, evictIntervalMs).unref();
  }

  /**
   * Stores a file.
   * @param name its sender's name for it; folders in it are ignored.
   * @param mime its media type as declared; magic bytes override it.
   * @throws WechatError REFUSED (`fileTooLarge`) when it exceeds the size of the cache; Error when the folder cannot be
   *   written.
   */
  async put(data: Buffer, name: string, mime?: string): Promise<CachedFile> {
    const { directory, maxBytes } = this.#options;
    const safeName = truncateName(basenameOf(name)) || 'file';
    if (data.length > maxBytes) throw fileTooLargeError(safeName, maxBytes);
    await this.#open();
    const id = randomBytes(16).toString('hex');
    const folder = join(directory, id);
    const path = join(folder, safeName);
    await mkdir(folder, { mode: 0o700 });
    await writeFile(path, data, { mode: 0o600 });
    const file = createCachedFile(
      id,
      path,
      data.length,
      mediaTypeOf({ content: data, declared: mime, name: safeName }),
    );
    this.#add(file, this.#now());
    await this.evict();
    return file;
  }

  /** The file with this id; `undefined` when it is unknown or has expired. */
  async get(id: string): Promise<CachedFile | undefined> {
    await this.#open();
    const found = this.#entries.get(id);
    return found && found.storedAt + this.#options.maxAgeMs >= this.#now() ? found.file : undefined;
  }

  /** Removes files that are too old, and the oldest ones beyond the size limit. */
  async evict(): Promise<void> {
    const { directory, maxBytes, maxAgeMs } = this.#options;
    const evicted: string[] = [];
    for (const [id, { file, storedAt }] of this.#entries) {
      if (storedAt + maxAgeMs >= this.#now() && this.#bytes <= maxBytes) break;
      this.#entries.delete(id);
      this.#bytes -= file.size;
      evicted.push(id);
    }
    await Promise.all(evicted.map((id) => rm(join(directory, id), { recursive: true, force: true })));
  }

  /** Stops the periodic eviction. @param removed whether to delete the files as well. */
  async close(removed = false): Promise<void> {
    clearInterval(this.#evictTimer);
    await this.#opening?.catch(() => undefined);
    if (removed) await rm(this.#options.directory, { recursive: true, force: true });
  }

  #open(): Promise<void> {
    this.#opening ??= this.#loadExisting().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Loads the files of the previous run. */
  async #loadExisting(): Promise<void> {
    const { directory } = this.#options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    // The modes above are those of new folders only.
    await chmod(directory, 0o700);
    const found: CacheEntry[] = [];
    for (const id of await readdir(directory)) {
      const [name] = await readdir(join(directory, id)).catch((): string[] => []);
      if (!/^[0-9a-f]{32}$/.test(id) || name === undefined) continue;
      const path = join(directory, id, name);
      await Promise.all([chmod(join(directory, id), 0o700), chmod(path, 0o600)]);
      const { size, mtimeMs } = await stat(path);
      found.push({ file: createCachedFile(id, path, size), storedAt: mtimeMs });
    }
    found.sort((one, other) => one.storedAt - other.storedAt);
    for (const { file, storedAt } of found) this.#add(file, storedAt);
    await this.evict();
  }

  #add(file: CachedFile, storedAt: number): void {
    this.#entries.set(file.id, { file, storedAt });
    this.#bytes += file.size;
  }
}

function createCachedFile(id: string, path: string, size: number, mime?: string): CachedFile {
  const name = basename(path);
  return {
    id,
    name,
    size,
    mime: mime ?? mediaTypeOf({ name }),
    path,
    read: () =>
      readFile(path).catch(() => {
        throw new WechatError('NOT_FOUND', 'mediaNotFound', { id });
      }),
  };
}

/** Truncates a name but keeps its extension, by which programs recognise the type. */
function truncateName(name: string): string {
  if (name.length <= maxNameLength) return name;
  const extension = extname(name).slice(0, 10);
  return name.slice(0, maxNameLength - extension.length) + extension;
}
