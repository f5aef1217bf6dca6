/** What is in use of this process's memory once all garbage is collected. */
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Megabytes in use, of the JavaScript heap with its Buffers. */
export async function megabytesInUse(): Promise<number> {
  // What a finished promise or a closed handle held is free only some turns later.
  for (let turn = 0; turn < 3; turn += 1) {
    await delay(20);
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}
