/**
 * `npm run bench`: measures speed and memory, with a baseline without the pack where there is one. Exits with 1 if a
 * target is missed. `-- --write` also writes the table into docs/performance.md; names of files in `measurements/` select
 * measurements.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { markdown, type Row } from './result-row';
import { writePerformancePages } from './performance-page';

const measurements = [
  'delivery',
  'round-trip',
  'start',
  'lookups',
  'flow-memory',
  'many-bots',
  'editor',
  'mqtt',
  'mqtt-memory',
  'openwx',
  'padchat',
  'wxbot',
];

/** Of one measurement, on a busy machine. */
const timeoutMs = 180_000;

async function rowsOf(name: string): Promise<Row[]> {
  const child = fork(join(__dirname, 'run-measurement.ts'), [name], {
    execArgv: ['--expose-gc', '--require', 'tsx/cjs'],
    timeout: timeoutMs,
  });
  let rows: Row[] | undefined;
  child.on('message', (received: Row[]) => {
    rows = received;
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (!rows) throw new Error(`The measurement ${name} ended with ${code ?? signal ?? 'nothing'}.`);
  return rows;
}

async function main(): Promise<void> {
  const options = process.argv.slice(2);
  const selected = options.filter((option) => !option.startsWith('--'));
  const rows: Row[] = [];
  for (const name of selected.length > 0 ? selected : measurements) {
    process.stderr.write(`measuring ${name} …\n`);
    rows.push(...(await rowsOf(name)));
  }
  console.log(markdown(rows, 'en-US'));
  if (options.includes('--write')) writePerformancePages(rows);
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
