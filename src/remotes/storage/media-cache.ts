/**
 * Files that programs fetch or hand in: kept for a while in a folder of the remote, under names nobody can guess. Each
 * lies in a folder of its own, so that its name can be what its sender called it.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { WechatError } from '../../bot/errors';
import { basenameOf, tooLarge } from '../../commands/content/file-name';

/** A file that is kept. */
export interface Kept {
  /** Unguessable: whoever knows it may have the file. */
  readonly id: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly mime: string;
  /** Where it lies on this machine. */
  readonly path: string;
  /** Its bytes. @throws WechatError NOT_FOUND (`mediaNotFound`) when it is not kept any more. */
  read(): Promise<Buffer>;
}

/** How much is kept. */
export interface MediaLimits {
  /** Belongs to the store alone. */
  readonly directory: string;
  /** All files together; the oldest go first. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

interface Entry {
  readonly kept: Kept;
  /** In ms since 1970. */
  readonly at: number;
}

const types: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.mp3': 'audio/mpeg',
  '.silk': 'audio/silk',
  '.amr': 'audio/amr',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.json': 'application/json',
  '.zip': 'application/zip',
};

/** The MIME type that a file's name tells; `application/octet-stream` where it tells none. */
export function mimeOf(name: string): string {
  return types[extname(name).toLowerCase()] ?? 'application/octet-stream';
}

/** Time between two rounds of forgetting, in ms. */
const sweepEvery = 60_000;

/** Longer names are cut: file systems take 255 bytes, and a Chinese character has three. */
const nameLength = 80;

/** The files of one remote. */
export class MediaStore {
  readonly #limits: MediaLimits;
  readonly #now: () => number;
  /** Oldest first. */
  readonly #kept = new Map<string, Entry>();
  readonly #sweeping: NodeJS.Timeout;
  #opening: Promise<void> | undefined;
  #bytes = 0;

  constructor(limits: MediaLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
    this.#sweeping = setInterval(() => {
      this.sweep().catch(() => undefined);
    }, sweepEvery).unref();
  }

  /**
   * Keeps a file.
   * @param name what its sender called it; folders in it are ignored.
   * @throws WechatError REFUSED (`fileTooLarge`) when it is larger than all may be together; Error when the folder
   *   cannot be written.
   */
  async put(data: Buffer, name: string, mime?: string): Promise<Kept> {
    const { directory, maxBytes } = this.#limits;
    const safeName = shortened(basenameOf(name)) || 'file';
    if (data.length > maxBytes) throw tooLarge(safeName, maxBytes);
    await this.#open();
    const id = randomBytes(16).toString('hex');
    const folder = join(directory, id);
    const path = join(folder, safeName);
    await mkdir(folder, { mode: 0o700 });
    await writeFile(path, data, { mode: 0o600 });
    const kept = entry(id, path, data.length, mime);
    this.#keep(kept, this.#now());
    await this.sweep();
    return kept;
  }

  /** The file with this id, as long as it is kept. */
  async get(id: string): Promise<Kept | undefined> {
    await this.#open();
    const found = this.#kept.get(id);
    return found && found.at + this.#limits.maxAgeMs >= this.#now() ? found.kept : undefined;
  }

  /** Forgets what is too old, and the oldest where there is too much. */
  async sweep(): Promise<void> {
    const { directory, maxBytes, maxAgeMs } = this.#limits;
    const gone: string[] = [];
    for (const [id, { kept, at }] of this.#kept) {
      if (at + maxAgeMs >= this.#now() && this.#bytes <= maxBytes) break;
      this.#kept.delete(id);
      this.#bytes -= kept.size;
      gone.push(id);
    }
    await Promise.all(gone.map((id) => rm(join(directory, id), { recursive: true, force: true })));
  }

  /** Stops forgetting. @param removed whether the files are to go as well. */
  async close(removed = false): Promise<void> {
    clearInterval(this.#sweeping);
    await this.#opening?.catch(() => undefined);
    if (removed) await rm(this.#limits.directory, { recursive: true, force: true });
  }

  #open(): Promise<void> {
    this.#opening ??= this.#find().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Finds what an earlier life kept. */
  async #find(): Promise<void> {
    const { directory } = this.#limits;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const found: Entry[] = [];
    for (const id of await readdir(directory)) {
      const [name] = await readdir(join(directory, id)).catch((): string[] => []);
      if (!/^[0-9a-f]{32}$/.test(id) || name === undefined) continue;
      const path = join(directory, id, name);
      const { size, mtimeMs } = await stat(path);
      found.push({ kept: entry(id, path, size), at: mtimeMs });
    }
    for (const { kept, at } of found.sort((one, other) => one.at - other.at)) this.#keep(kept, at);
    await this.sweep();
  }

  #keep(kept: Kept, at: number): void {
    this.#kept.set(kept.id, { kept, at });
    this.#bytes += kept.size;
  }
}

function entry(id: string, path: string, size: number, mime?: string): Kept {
  const name = basename(path);
  return {
    id,
    name,
    size,
    mime: mime ?? mimeOf(name),
    path,
    read: () =>
      readFile(path).catch(() => {
        throw new WechatError('NOT_FOUND', 'mediaNotFound', { id });
      }),
  };
}

/** Keeps the extension, by which programs know what it is. */
function shortened(name: string): string {
  if (name.length <= nameLength) return name;
  const extension = extname(name).slice(0, 10);
  return name.slice(0, nameLength - extension.length) + extension;
}
