/** Tencent's own client of iLink, the judge of the fake service: the npm package, run in child processes. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../support/package-install';
import type { IlinkService } from '../../support/ilink-service/service';

/** The version whose source the client and the service were compared with. */
const version = '2.4.9';

/**
 * The modules of OpenClaw, a peer dependency of 200 MB, that the package's API and CDN modules import: they ask only
 * where to log.
 */
const hostModules: Readonly<Record<string, string>> = {
  'account-id': 'exports.normalizeAccountId = (id) => id;',
  core: '',
  'infra-runtime': [
    "exports.resolvePreferredOpenClawTmpDir = () => require('node:os').tmpdir();",
    'exports.withFileLock = (path, options, work) => work();',
  ].join('\n'),
};

/** Downloads the package, once. @returns its folder */
function installReference(): string {
  const folder = join(root, '.cache', `openclaw-weixin-${version}`);
  if (existsSync(folder)) return join(folder, 'package');
  const scratch = `${folder}-${process.pid}`;
  const sdk = join(scratch, 'package', 'node_modules', 'openclaw', 'plugin-sdk');
  try {
    mkdirSync(sdk, { recursive: true });
    execFileSync('npm', ['pack', `@tencent-weixin/openclaw-weixin@${version}`], {
      cwd: scratch,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const tarball = readdirSync(scratch).find((name) => name.endsWith('.tgz')) ?? '';
    execFileSync('tar', ['-xzf', tarball], { cwd: scratch });
    const manifest = {
      name: 'openclaw',
      version: '0.0.0',
      exports: { './plugin-sdk/*': './plugin-sdk/*.cjs' },
    };
    writeFileSync(join(sdk, '..', 'package.json'), JSON.stringify(manifest));
    for (const [name, code] of Object.entries(hostModules)) writeFileSync(join(sdk, `${name}.cjs`), code);
    renameSync(scratch, folder);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
  return join(folder, 'package');
}

/** The result of a step, or its error. */
export type Outcome = Readonly<Record<string, unknown>> & { readonly error?: string };

/** Tencent's client on one service. */
export class ReferenceClient {
  readonly #folder = installReference();
  readonly #service: string;
  readonly #home: string;

  /** @param home where the client keeps its files */
  constructor({ baseUrl, cdnUrl }: IlinkService, home: string) {
    this.#service = JSON.stringify({ baseUrl, cdnUrl });
    this.#home = home;
  }

  /** Runs one step. @param onReport called with everything that the step reports before its end */
  async run(
    step: string,
    params: object,
    onReport: (report: Outcome) => void = () => undefined,
  ): Promise<Outcome> {
    const script = join(__dirname, 'client.mjs');
    const child = spawn(
      process.execPath,
      [script, this.#folder, this.#service, step, JSON.stringify(params)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env.PATH, HOME: this.#home, OPENCLAW_STATE_DIR: this.#home },
      },
    );
    let last: Outcome | undefined;
    for await (const line of createInterface(child.stdout)) {
      if (!line.startsWith('{"result":')) continue;
      last = (JSON.parse(line) as { result: Outcome }).result;
      onReport(last);
    }
    if (!last) throw new Error(`The step ${step} of the reference client reported nothing.`);
    return last;
  }
}
