import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Interval at which a waiting process checks for the folder, in ms. */
const pollMs = 100;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Creates a lock file with the id of this process; removes that of a process that was killed. */
function acquireLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    const holder = readFileSync(lock, 'utf8');
    if (holder !== '' && !isAlive(Number(holder))) rmSync(lock, { force: true });
  } catch (error) {
    // Released in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return false;
}

/**
 * Creates a folder unless it exists. If several processes need it at the same time, one creates it and the others wait;
 * a folder that could not be completed is never visible.
 */
export function createOnce(folder: string, create: (scratch: string) => void): void {
  mkdirSync(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (!acquireLock(lock)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
      continue;
    }
    try {
      if (existsSync(folder)) return;
      const scratch = mkdtempSync(`${folder}-`);
      try {
        create(scratch);
        renameSync(scratch, folder);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    } finally {
      rmSync(lock, { force: true });
    }
  }
}
