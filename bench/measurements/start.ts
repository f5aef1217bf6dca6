/** What a Node-RED pays at its start for having the pack installed, as long as nobody uses it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { installedModules, nodeBinary, nodeRedDir } from '../../test/support/package-install';
import { writeFlows, writeSettings } from '../../test/support/user-directory';
import { megabytes } from '../memory';
import { figure, type Row } from '../result-row';
import { median, quantile } from '../statistics';

const rounds = 11;
const longest = 60;
const heaviest = 5;

/** Code that may not be loaded before the first bot; Node-RED itself reads every package.json. */
const heavy =
  /[\\/]node_modules[\\/](@grpc|wechaty[^\\/]*|typebox|quick-lru|file-box|memory-card|mqtt)[\\/].*\.[cm]?js$/;

/** What the probe inside Node-RED tells. */
export interface Start {
  /** Milliseconds from the start of the process to that of the flows. */
  readonly ms: number;
  /** Bytes. */
  readonly heap: number;
  readonly resident: number;
  /** The files of all modules. */
  readonly loaded: readonly string[];
}

function userDirectory(withPack: boolean): string {
  const userDir = mkdtempSync(join(tmpdir(), 'node-red-bench-'));
  // As one link, so that the packages in it are real folders as npm leaves them.
  if (withPack) symlinkSync(installedModules(), join(userDir, 'node_modules'), 'junction');
  const probe = join(userDir, 'nodes', 'start-probe.js');
  mkdirSync(join(userDir, 'nodes'));
  const source = join(__dirname, '..', 'start-probe.ts');
  buildSync({ entryPoints: [source], outfile: probe, format: 'cjs', platform: 'node' });
  // Node-RED takes a local file for a node only if it has an HTML file.
  writeFileSync(probe.replace(/js$/, 'html'), '');
  writeFlows(userDir, []);
  writeSettings(userDir, 0, {});
  return userDir;
}

async function start(userDir: string): Promise<Start> {
  const child = spawn(nodeBinary, ['--expose-gc', join(nodeRedDir, 'red.js'), '--userDir', userDir], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [told] = (await once(child, 'message', { signal: AbortSignal.timeout(60_000) })) as [Start];
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  return told;
}

/** The rows about starting. */
export async function measure(): Promise<Row[]> {
  const userDirs = { without: userDirectory(false), with: userDirectory(true) };
  const starts: Record<keyof typeof userDirs, Start[]> = { without: [], with: [] };
  for (let round = 0; round <= rounds; round += 1) {
    // By turns first, so that neither profits from what the other left in the file cache.
    const order = round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
    for (const kind of order) {
      const told = await start(userDirs[kind]);
      // The first round also writes what Node-RED writes once.
      if (round > 0) starts[kind].push(told);
    }
  }
  for (const userDir of Object.values(userDirs)) rmSync(userDir, { recursive: true, force: true });

  // The lower quartile of the times, since whatever else the machine does only ever adds to them.
  const time = (kind: keyof typeof starts): number =>
    quantile(
      starts[kind].map(({ ms }) => ms),
      0.25,
    );
  const weight = (kind: keyof typeof starts, field: 'heap' | 'resident'): number =>
    megabytes(median(starts[kind].map((one) => one[field])));
  const ms = time('with') - time('without');
  const heap = weight('with', 'heap') - weight('without', 'heap');
  const resident = weight('with', 'resident') - weight('without', 'resident');
  const sign = (value: number): string => (value < 0 ? '−' : '+');
  const change = (value: number): string => `${sign(value)}${figure(Math.abs(value))}`;
  const ownOfNodeRed = new Set(starts.without[0]?.loaded);
  const loaded = (starts.with[0]?.loaded ?? []).filter((file) => heavy.test(file) && !ownOfNodeRed.has(file));
  return [
    {
      name: {
        'en-US': 'Node-RED start with the pack and no bot; beside: without the pack',
        'zh-CN': '装有本包但没有机器人时 Node-RED 的启动；对照：未装本包',
      },
      measured: `${figure(time('with'))} ms`,
      beside: `${figure(time('without'))} ms`,
      value: `${change(ms)} ms`,
      target: `≤ +${longest} ms`,
      ok: ms <= longest,
    },
    {
      name: {
        'en-US': 'its heap after garbage collection (and resident memory); beside: without the pack',
        'zh-CN': '其垃圾回收后的堆内存（及常驻内存）；对照：未装本包',
      },
      measured: `${figure(weight('with', 'heap'))} MB`,
      beside: `${figure(weight('without', 'heap'))} MB`,
      value: `${change(heap)} MB (${change(resident)} MB)`,
      target: `≤ +${heaviest} MB`,
      ok: heap <= heaviest,
    },
    {
      name: {
        'en-US': 'modules of Wechaty and other large libraries loaded by then',
        'zh-CN': '此时已加载的 Wechaty 等大型库的模块数',
      },
      measured: '',
      value: String(loaded.length),
      target: '0',
      ok: loaded.length === 0,
    },
  ];
}
