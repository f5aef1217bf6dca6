import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { minVersion, satisfies } from 'semver';
import { root } from '../support/package-install';

interface Manifest {
  engines: { node: string };
  'node-red': { version: string; nodes: Record<string, string>; plugins?: Record<string, string> };
}

interface Lock {
  packages: Record<
    string,
    {
      dev?: boolean;
      optional?: boolean;
      engines?: { node?: string };
      resolved?: string;
      optionalDependencies?: Record<string, string>;
    }
  >;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

describe('package.json', () => {
  const manifest = readJson('package.json') as Manifest;
  const lock = readJson('package-lock.json') as Lock;

  it('lists a built file for every node and plugin', () => {
    const files = Object.values({ ...manifest['node-red'].nodes, ...manifest['node-red'].plugins });
    assert.deepEqual(
      files.filter((file) => !existsSync(join(root, file))),
      [],
    );
  });

  it('lists every node that has a folder', () => {
    const built = readdirSync(join(root, 'dist', 'nodes')).filter((name) =>
      existsSync(join(root, 'dist', 'nodes', name, `${name}.html`)),
    );
    assert.deepEqual(
      Object.entries(manifest['node-red'].nodes)
        .map(([type, file]) => [type, basename(file, '.js')])
        .sort(),
      built.map((name) => [`wechat-${name}`, name]).sort(),
    );
  });

  it('supports Node.js 20.19 and the versions of Node-RED 5, like every dependency', () => {
    const oldest = minVersion(manifest.engines.node)?.version;
    assert.equal(oldest, '20.19.0');
    const refusing = Object.entries(lock.packages)
      .filter(([path, { dev, optional }]) => path !== '' && !dev && !optional)
      .filter(([, { engines }]) => engines?.node !== undefined)
      .filter(
        ([, { engines }]) =>
          !['20.19.0', '22.9.0', '24.0.0'].every((node) => satisfies(node, engines?.node ?? '*')),
      )
      .map(([path, { engines }]) => `${path} needs ${engines?.node ?? ''}`);
    assert.deepEqual(refusing, []);
  });

  it('has a lock file without registry URLs', () => {
    assert.deepEqual(
      Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.startsWith('http')),
      [],
    );
  });

  it('has a lock file with the packages of every platform, so that npm ci accepts it everywhere', () => {
    const locked = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, '')));
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !locked.has(name))
        .map((name) => `${name}, which ${path} may need`),
    );
    assert.deepEqual(missing, []);
  });
});
