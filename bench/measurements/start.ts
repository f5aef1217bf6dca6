/** Cost of the installed but unused pack at the start of Node-RED. */
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
const maxAddedMs = 60;
const maxAddedMb = 5;

/** Code that must not be loaded before the first bot starts (Node-RED itself reads every package.json). */
const lazyLibraries =
  /[\\/]node_modules[\\/](@grpc|wechaty[^\\/]*|typebox|quick-lru|file-box|memory-card|mqtt)[\\/].*\.[cm]?js$/;

/** The report of the probe inside Node-RED. */
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
  // One link, so that the packages in it are real folders, as npm creates them.
  if (withPack) symlinkSync(installedModules(), join(userDir, 'node_modules'), 'junction');
  const probe = join(userDir, 'nodes', 'start-probe.js');
  mkdirSync(join(userDir, 'nodes'));
  const source = join(__dirname, '..', 'start-probe.ts');
  buildSync({ entryPoints: [source], outfile: probe, format: 'cjs', platform: 'node' });
  // Node-RED loads a local node only if it has an HTML file.
  writeFileSync(probe.replace(/js$/, 'html'), '');
  writeFlows(userDir, []);
  writeSettings(userDir, 0, {});
  return userDir;
}

async function start(userDir: string): Promise<Start> {
  const child = spawn(nodeBinary, ['--expose-gc', join(nodeRedDir, 'red.js'), '--userDir', userDir], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [result] = (await once(child, 'message', { signal: AbortSignal.timeout(60_000) })) as [Start];
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  return result;
}

/** The rows about starting. */
export async function measure(): Promise<Row[]> {
  const userDirs = { without: userDirectory(false), with: userDirectory(true) };
  const starts: Record<keyof typeof userDirs, Start[]> = { without: [], with: [] };
  for (let round = 0; round <= rounds; round += 1) {
    // Alternates the order, so that neither profits from the file cache of the other.
    const order = round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
    for (const kind of order) {
      const result = await start(userDirs[kind]);
      // In the first round Node-RED also writes its own files.
      if (round > 0) starts[kind].push(result);
    }
  }
  for (const userDir of Object.values(userDirs)) rmSync(userDir, { recursive: true, force: true });

  // The lower quartile, because disturbances only add time.
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
  const loaded = (starts.with[0]?.loaded ?? []).filter(
    (file) => lazyLibraries.test(file) && !ownOfNodeRed.has(file),
  );
  return [
    {
      name: {
        'en-US': 'Node-RED start with the pack and no bot; baseline: without the pack',
        'zh-CN': '装有本包但没有机器人时 Node-RED 的启动；对照：未装本包',
      },
      measured: `${figure(time('with'))} ms`,
      baseline: `${figure(time('without'))} ms`,
      value: `${change(ms)} ms`,
      target: `≤ +${maxAddedMs} ms`,
      ok: ms <= maxAddedMs,
    },
    {
      name: {
        'en-US':
          'heap of Node-RED after garbage collection (and resident memory); baseline: without the pack',
        'zh-CN': '其垃圾回收后的堆内存（及常驻内存）；对照：未装本包',
      },
      measured: `${figure(weight('with', 'heap'))} MB`,
      baseline: `${figure(weight('without', 'heap'))} MB`,
      value: `${change(heap)} MB (${change(resident)} MB)`,
      target: `≤ +${maxAddedMb} MB`,
      ok: heap <= maxAddedMb,
    },
    {
      name: {
        'en-US': 'modules of Wechaty and other large libraries loaded at the start',
        'zh-CN': '此时已加载的 Wechaty 等大型库的模块数',
      },
      measured: '',
      value: String(loaded.length),
      target: '0',
      ok: loaded.length === 0,
    },
  ];
}
