/**
 * Space reserved on the disk by a file of zeros. LevelDB needs space even to be opened and to delete; without a reserve,
 * a full disk could never be emptied by sending what waits on it.
 */
import { closeSync, existsSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Size of the reserve in bytes: twice what LevelDB holds in memory before it writes a table. */
const reserveBytes = 8 * 1024 * 1024;

/** On a small disk, the part of the free space that is reserved. */
const maxShare = 0.5;

/** The reserve of one store. */
export class SpaceReserve {
  readonly #path: string;
  /** In bytes; 0 until it was taken once. */
  #size = 0;
  #isTaken = false;
  #isReleased = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether it was released and there was no space to take it again. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Finds the reserve of the previous run. */
  find(): void {
    this.#size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? this.#size;
    this.#isTaken = existsSync(this.#path);
  }

  /** Takes the reserve, unless it is taken. @returns whether it is taken. */
  take(): boolean {
    if (!this.#isTaken) {
      try {
        this.#write();
        this.#isTaken = true;
        this.#isReleased = false;
      } catch {
        this.release();
      }
    }
    return this.#isTaken;
  }

  /** Gives the space to the database. @returns whether it was taken. */
  release(): boolean {
    const wasTaken = this.#isTaken;
    this.#isReleased = true;
    this.#isTaken = false;
    rmSync(this.#path, { force: true });
    return wasTaken;
  }

  /** As large as before, so that a disk that stays full does not consume it piece by piece. */
  #write(): void {
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    const free = bavail * bsize;
    if (this.#size === 0) this.#size = Math.min(reserveBytes, Math.floor(free * maxShare));
    if (free < this.#size * 1.5) throw new Error('no space');
    const file = openSync(this.#path, 'w', 0o600);
    try {
      const zeros = Buffer.alloc(this.#size);
      for (let written = 0; written < zeros.length;) written += writeSync(file, zeros, written);
    } finally {
      closeSync(file);
    }
  }
}
