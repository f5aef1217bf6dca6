/** Memory usage after garbage collection. */
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Memory in use by the JavaScript heap and Buffers, in MB. */
export async function megabytesInUse(): Promise<number> {
  // Objects held by settled promises and closed handles are released some turns later.
  for (let turn = 0; turn < 3; turn += 1) {
    await delay(20);
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}
