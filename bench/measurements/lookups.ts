/** Cost of listing a large account, and how long it blocks the event loop. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { SimulatorOptions } from '../../src/puppets/simulator';
import { pack } from '../pack';
import { figure, type Row, type LocalizedText } from '../result-row';
import { startBot } from '../started-bot';
import { median } from '../statistics';

const rounds = 3;
/** Sampling interval of the monitor in ms, included in each delay. */
const resolution = 1;
const maxBlockMs = 50;

interface Listing {
  readonly command: string;
  readonly options: SimulatorOptions;
  readonly entries: number;
  readonly description: LocalizedText;
}

const listings: readonly Listing[] = [
  {
    command: 'roomFindAll',
    options: { contacts: 500, rooms: 1_000, membersPerRoom: 500 },
    entries: 1_000,
    description: { 'en-US': '1,000 rooms of 500 members, cold', 'zh-CN': '1,000 个 500 人群，首次' },
  },
  {
    command: 'contactFindAll',
    options: { contacts: 10_000 },
    entries: 10_000,
    description: { 'en-US': '10,000 contacts, cold', 'zh-CN': '10,000 个联系人，首次' },
  },
];

async function measureListing({ command, options: options, entries }: Listing, round: number) {
  const { bot, simulation, stop } = await startBot(`${command}-${round}`, options);
  simulation.calls.reset();
  const monitor = monitorEventLoopDelay({ resolution });
  monitor.enable();
  const start = performance.now();
  const found = (await pack.runUntrustedCommand(bot, command, {}, { files: pack.flowPolicy })) as unknown[];
  const ms = performance.now() - start;
  // A block at the very end shows only in the monitor's next sample.
  await new Promise((resolve) => setTimeout(resolve, 5 * resolution));
  monitor.disable();
  const calls = simulation.calls.total;
  if (found.length !== entries) throw new Error(`${command} found ${found.length} of ${entries}.`);
  await stop();
  return { ms, calls, block: Math.max(0, monitor.max / 1e6 - resolution) };
}

async function rowsOf(listing: Listing): Promise<Row[]> {
  const runs = [];
  for (let round = 0; round < rounds; round += 1) runs.push(await measureListing(listing, round));
  const calls = Math.max(...runs.map((run) => run.calls));
  const block = median(runs.map((run) => run.block));
  const ms = median(runs.map((run) => run.ms));
  const { command, entries, description } = listing;
  return [
    {
      name: {
        'en-US': `${command}, ${description['en-US']}: puppet calls`,
        'zh-CN': `${command}，${description['zh-CN']}：Puppet 调用次数`,
      },
      measured: `${figure(ms)} ms`,
      value: calls.toLocaleString('en-US'),
      target: `≤ ${(entries + 1).toLocaleString('en-US')}`,
      ok: calls <= entries + 1,
    },
    {
      name: {
        'en-US': `${command}: longest block of the event loop`,
        'zh-CN': `${command}：事件循环最长阻塞`,
      },
      measured: `${figure(block)} ms`,
      value: `${figure(block)} ms`,
      target: `≤ ${maxBlockMs} ms`,
      ok: block <= maxBlockMs,
    },
  ];
}

/** The rows about listings. */
export async function measure(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const listing of listings) rows.push(...(await rowsOf(listing)));
  return rows;
}
