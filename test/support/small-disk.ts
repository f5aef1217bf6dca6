/**
 * A disk that can be full: a small file system in memory, or, where mounting is not permitted, a folder and a limit for
 * the size of files (RLIMIT_FSIZE), which fails writes just as well.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SmallDisk {
  /** Whether it is a real one. */
  readonly isMounted: boolean;
  readonly #ballast: string;

  private constructor(
    /** An empty folder on the disk. */
    readonly directory: string,
    megabytes: number,
  ) {
    const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', directory];
    this.isMounted = spawnSync('mount', options).status === 0;
    this.#ballast = join(directory, 'ballast');
  }

  /** @param directory an empty folder; by default a new one. */
  static create(megabytes: number, directory = mkdtempSync(join(tmpdir(), 'small-disk-'))): SmallDisk {
    return new SmallDisk(directory, megabytes);
  }

  /** Free space in bytes. */
  get free(): number {
    const { bavail, bsize } = statfsSync(this.directory);
    return bavail * bsize;
  }

  /** Nothing can be written any more. @param pid the process that is limited when there is no real small disk. */
  fill(pid = process.pid): void {
    if (!this.isMounted) {
      limit(pid, '0');
      return;
    }
    const file = openSync(this.#ballast, 'a');
    const block = Buffer.alloc(4096);
    try {
      while (writeSync(file, block) > 0);
    } catch {
      // No space left.
    } finally {
      closeSync(file);
    }
  }

  /** Ends `fill`. */
  clear(pid = process.pid): void {
    if (this.isMounted) rmSync(this.#ballast, { force: true });
    else limit(pid, 'unlimited');
  }

  remove(): void {
    if (this.isMounted) execFileSync('umount', ['-l', this.directory]);
    else limit(process.pid, 'unlimited');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function limit(pid: number, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}
