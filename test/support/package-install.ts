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

/** The name under which the pack is installed. */
export const packName = '@wechat-flow/node-red-wechaty';

/** The Node.js that runs Node-RED: this one, or NODE_BINARY on the second leg of the tests. */
export const nodeBinary = process.env.NODE_BINARY ?? process.execPath;

/** The installed `node-red` package: the development dependency, or NODE_RED_DIR on the second leg. */
export const nodeRedDir = process.env.NODE_RED_DIR ?? dirname(require.resolve('node-red/package.json'));

const cache = join(root, '.cache', 'packed');
const hour = 3_600_000;

/** Runs npm under the Node.js of this leg, so that what it installs fits. */
function npm(cwd: string, ...options: string[]): string {
  const env = { ...process.env, PATH: `${dirname(nodeBinary)}${delimiter}${process.env.PATH ?? ''}` };
  return execFileSync('npm', options, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Packs `dist` as it is: whoever changed `src` runs `npm run build` first. */
function pack(into: string): string {
  if (!existsSync(join(root, 'dist'))) throw new Error('There is no dist: run npm run build first.');
  // npm's prepack would build again.
  npm(root, 'pack', '--ignore-scripts', '--pack-destination', into);
  const [file] = readdirSync(into).filter((name) => name.endsWith('.tgz'));
  if (file === undefined) throw new Error('npm pack wrote no tarball.');
  return join(into, file);
}

function forgetOldInstalls(): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > hour) rmSync(path, { recursive: true, force: true });
  }
}

let installed: string | undefined;

/**
 * The `node_modules` of a user directory into which the packed tarball has been installed with npm. Done once a
 * test run, and kept for later runs for as long as the tarball stays the same.
 * @returns The folder's absolute path; to be read, never to be written.
 */
export function installedModules(): string {
  if (installed !== undefined) return installed;
  mkdirSync(cache, { recursive: true });
  forgetOldInstalls();
  const scratch = mkdtempSync(join(cache, 'new-'));
  try {
    const tarball = pack(scratch);
    const version = execFileSync(nodeBinary, ['--version'], { encoding: 'utf8' }).trim();
    const hash = createHash('sha256').update(readFileSync(tarball)).digest('hex').slice(0, 16);
    const kept = join(cache, `${version}-${hash}`);
    if (!existsSync(kept)) {
      writeFileSync(join(scratch, 'package.json'), '{ "private": true }');
      npm(scratch, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', tarball);
      // Someone else's test run may have been faster; theirs is the same.
      if (!existsSync(kept)) renameSync(scratch, kept);
    }
    installed = join(kept, 'node_modules');
    return installed;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Gives a user directory its own `node_modules` with every installed package in it. The packages are links; the
 * folders that hold them are real, so that a test can put a package of its own beside them.
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
