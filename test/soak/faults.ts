/** Faults of the machine that Node-RED runs on. */
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NodeRed } from '../support/node-red';

/** The folder of the only database in a user directory. */
export function findDatabase(userDir: string): string {
  const root = join(userDir, 'wechat');
  const databases = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('/CURRENT') && !path.includes('/lost/'),
  );
  const [path, ...others] = databases;
  if (path === undefined || others.length > 0) throw new Error(`one database, not ${databases.join()}`);
  return dirname(join(root, path));
}

/** Damages of which nothing that was confirmed is lost, so that the delivery guarantees hold nevertheless. */
const damages: readonly ((directory: string) => void)[] = [
  (directory) => {
    appendFileSync(join(directory, 'journal'), '{"valid": "JSON"}\n[]\n');
  },
  (directory) => {
    appendFileSync(join(directory, 'journal'), '0badc0de[99999999,["k!1",100]]\nincompl');
  },
  (directory) => {
    writeFileSync(join(directory, 'CURRENT'), 'garbage');
  },
  (directory) => {
    rmSync(join(directory, 'CURRENT'));
  },
  (directory) => {
    for (const name of readdirSync(directory).filter((one) => one.startsWith('MANIFEST'))) {
      const bytes = readFileSync(join(directory, name));
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
      writeFileSync(join(directory, name), bytes);
    }
  },
];

/** Damages the store of a stopped Node-RED. @param random from 0 to 1. */
export function damageStore(userDir: string, random: number): void {
  damages[Math.floor(random * damages.length)]?.(findDatabase(userDir));
}

/** Makes the system clock of Node-RED's process jump, relative to the true time, until it ends. */
export async function jumpClock(red: NodeRed, byMs: number): Promise<void> {
  await red.evaluate((_inside, offset) => {
    const clock = globalThis as { trueNow?: () => number };
    const trueNow = (clock.trueNow ??= Date.now.bind(Date));
    Date.now = () => trueNow() + offset;
  }, byMs);
}

/** Publishes an event that is larger than the broker's packets: it ends the connection when it receives it. */
export async function publishRefusedEvent(red: NodeRed, remoteId: string, bytes: number): Promise<void> {
  await red.send(remoteId, { topic: 'refused', payload: 'x'.repeat(bytes) });
}
