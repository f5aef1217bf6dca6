/** Memory in use after everything that can be freed was freed. Needs `--expose-gc`. */
import { setTimeout as delay } from 'node:timers/promises';

/** Bytes, of the JavaScript heap with Buffers, and of the whole process. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}

/** Collects garbage and looks. @throws Error when the process was started without `--expose-gc`. */
export async function settledMemory(): Promise<Memory> {
  if (!global.gc) throw new Error('Measuring memory needs node --expose-gc.');
  // What a finished promise or a closed handle held is free only some turns later.
  for (let turn = 0; turn < 3; turn += 1) {
    await delay(50);
    global.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

/** Bytes in MB. */
export function megabytes(bytes: number): number {
  return bytes / 1024 / 1024;
}
