/** Measures memory after garbage collection. Needs `--expose-gc`. */
import { setTimeout as delay } from 'node:timers/promises';
import { figure, type LocalizedText, type Row } from './result-row';

/** Heap growth above which a measurement fails. */
const maxGrowthMb = 20;

/** Bytes, of the JavaScript heap with Buffers, and of the whole process. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}

/** Collects garbage, then measures. @throws Error without `--expose-gc`. */
export async function settledMemory(): Promise<Memory> {
  if (!global.gc) throw new Error('Measuring memory needs node --expose-gc.');
  // Settled promises and closed handles release memory only some event loop turns later.
  for (let turn = 0; turn < 3; turn += 1) {
    await delay(50);
    global.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

/** Converts bytes to MB. */
export function megabytes(bytes: number): number {
  return bytes / 1024 / 1024;
}

/** The row about the growth of the heap between two measurements. */
export function heapGrowthRow(name: LocalizedText, before: Memory, after: Memory): Row {
  const growth = megabytes(after.heap - before.heap);
  return {
    name,
    measured: `${figure(megabytes(after.heap))} MB`,
    baseline: `${figure(megabytes(before.heap))} MB`,
    value: `${growth < 0 ? '−' : '+'}${figure(Math.abs(growth))} MB`,
    target: `< ${maxGrowthMb} MB`,
    ok: growth < maxGrowthMb,
  };
}
