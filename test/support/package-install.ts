import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createOnce } from './create-once';

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
function npm(cwd: string, ...options: string[]): void {
  const env = { ...process.env, PATH: `${dirname(nodeBinary)}${delimiter}${process.env.PATH ?? ''}` };
  execFileSync('npm', options, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A hash of files and folders of the checkout, by path and content. */
function hashOf(...paths: string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    const isFolder = statSync(join(root, path)).isDirectory();
    const inside = isFolder
      ? readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).sort()
      : ['.'];
    for (const file of inside
      .map((name) => join(path, name))
      .filter((name) => statSync(join(root, name)).isFile())) {
      hash.update(`${file}\0`).update(readFileSync(join(root, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function removeOldInstalls(): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > hour) rmSync(path, { recursive: true, force: true });
  }
}

/** Copies a folder with hard links. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}

/** Installs the dependencies of this package with npm. @returns the absolute path of `node_modules`. */
function installDependencies(dependencies: Readonly<Record<string, string>>, nodeVersion: string): string {
  const manifest = JSON.stringify({ private: true, dependencies });
  const hash = createHash('sha256').update(manifest).digest('hex').slice(0, 16);
  const folder = join(cache, `${nodeVersion}-dependencies-${hash}`);
  createOnce(folder, (scratch) => {
    removeOldInstalls();
    writeFileSync(join(scratch, 'package.json'), manifest);
    npm(scratch, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock');
  });
  utimesSync(folder, new Date(), new Date());
  return join(folder, 'node_modules');
}

/** Packs the current `dist` and extracts the tarball into a folder. */
function extractPackage(scratch: string, folder: string): void {
  // Not `prepack`, which would build again.
  npm(root, 'pack', '--ignore-scripts', '--pack-destination', scratch);
  const [tarball] = readdirSync(scratch).filter((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack wrote no tarball.');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', join(scratch, tarball), '-C', folder, '--strip-components=1']);
}

let installed: string | undefined;

/**
 * Installs the packed tarball of the current `dist`; after changes of `src`, `npm run build` must run first. Installs
 * are cached by content and shared by all test processes.
 * @returns the absolute path of `node_modules`, which must not be modified.
 */
export function installedModules(): string {
  if (installed !== undefined) return installed;
  if (!existsSync(join(root, 'dist'))) throw new Error('There is no dist: run npm run build first.');
  const { files, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    files: string[];
    dependencies: Record<string, string>;
  };
  const version = execFileSync(nodeBinary, ['--version'], { encoding: 'utf8' }).trim();
  const packed = files.filter((name) => !name.startsWith('!'));
  const folder = join(cache, `${version}-${hashOf('package.json', 'README.md', 'LICENSE', ...packed)}`);
  createOnce(folder, (scratch) => {
    const modules = join(scratch, 'node_modules');
    linkTree(installDependencies(dependencies, version), modules);
    extractPackage(scratch, join(modules, packName));
  });
  utimesSync(folder, new Date(), new Date());
  installed = join(folder, 'node_modules');
  return installed;
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
