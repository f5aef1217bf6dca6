import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** The checkout. */
export const root = join(__dirname, '..', '..');

/** The name of this package. */
export const packName = '@wechat-flow/node-red-wechaty';

/** The Node.js binary that runs Node-RED; default: the current one. */
export const nodeBinary = process.env.NODE_BINARY ?? process.execPath;

/** The folder of the `node-red` package; default: the development dependency. */
export const nodeRedDir = process.env.NODE_RED_DIR ?? dirname(require.resolve('node-red/package.json'));

const cache = join(root, '.cache', 'packed');
const hour = 3_600_000;

/** Runs npm with `nodeBinary`, so that it installs matching binaries. */
function npm(cwd: string, ...options: string[]): string {
  const env = { ...process.env, PATH: `${dirname(nodeBinary)}${delimiter}${process.env.PATH ?? ''}` };
  return execFileSync('npm', options, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Packs the current `dist`; after changes of `src`, `npm run build` must run first. */
function pack(into: string): string {
  if (!existsSync(join(root, 'dist'))) throw new Error('There is no dist: run npm run build first.');
  // npm's prepack would build again.
  npm(root, 'pack', '--ignore-scripts', '--pack-destination', into);
  const [file] = readdirSync(into).filter((name) => name.endsWith('.tgz'));
  if (file === undefined) throw new Error('npm pack wrote no tarball.');
  return join(into, file);
}

function removeOldInstalls(): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > hour) rmSync(path, { recursive: true, force: true });
  }
}

let installed: string | undefined;

/**
 * Installs the packed tarball with npm; once per test run, and cached for later runs while the tarball is unchanged.
 * @returns the absolute path of `node_modules`, which must not be modified.
 */
export function installedModules(): string {
  if (installed !== undefined) return installed;
  mkdirSync(cache, { recursive: true });
  removeOldInstalls();
  const scratch = mkdtempSync(join(cache, 'new-'));
  try {
    const tarball = pack(scratch);
    const version = execFileSync(nodeBinary, ['--version'], { encoding: 'utf8' }).trim();
    const hash = createHash('sha256').update(readFileSync(tarball)).digest('hex').slice(0, 16);
    const target = join(cache, `${version}-${hash}`);
    if (!existsSync(target)) {
      writeFileSync(join(scratch, 'package.json'), '{ "private": true }');
      npm(scratch, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', tarball);
      // A concurrent test run may have installed the same tarball.
      if (!existsSync(target)) renameSync(scratch, target);
    }
    installed = join(target, 'node_modules');
    return installed;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Creates the `node_modules` of a user directory with links to all installed packages. The folder itself and those of
 * scopes are real, so that a test can add its own packages.
 */
export function linkInstalledModules(userDir: string): void {
  const from = installedModules();
  const to = join(userDir, 'node_modules');
  mkdirSync(to, { recursive: true });
  const names = readdirSync(from).filter((name) => !name.startsWith('.'));
  for (const name of names) {
    if (!name.startsWith('@')) {
      symlinkSync(join(from, name), join(to, name), 'junction');
      continue;
    }
    mkdirSync(join(to, name));
    for (const scoped of readdirSync(join(from, name))) {
      symlinkSync(join(from, name, scoped), join(to, name, scoped), 'junction');
    }
  }
  const version = (
    JSON.parse(readFileSync(join(from, packName, 'package.json'), 'utf8')) as { version: string }
  ).version;
  writeFileSync(
    join(userDir, 'package.json'),
    JSON.stringify({ name: 'node-red-project', private: true, dependencies: { [packName]: version } }),
  );
}
