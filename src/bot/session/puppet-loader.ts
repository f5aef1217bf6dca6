/**
 * Resolves and instantiates puppets. Wechaty and the puppets are loaded when the first bot starts: together they cost
 * half a second and some 60 MB, too much for a palette that is merely installed.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Puppet, PuppetOptions } from 'wechaty-puppet';
import { errorMessage, WechatError } from '../errors';
import { isObject } from '../../util/is-object';
import type { PuppetScope } from './puppet-scope';
import { withServiceEndpoint } from './service-endpoint';
import { adaptWechat4u } from './wechat4u';

/** The constructor of a puppet. */
export type PuppetClass = new (options: PuppetOptions) => Puppet;

/** Sizes of the puppet's payload caches: the defaults are too small for large accounts. */
const cacheSizes = { contact: 20_000, room: 2_000, message: 1_000 };

const packageName = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/;

/**
 * The class of an installed puppet: resolved from the user directory first (where users install packages), then from
 * this package (`wechaty-puppet-service` and `wechaty-puppet-wechat4u` come with Wechaty).
 * @throws WechatError NOT_FOUND with the npm command to install it; INVALID_PARAMS when the package is not a puppet.
 */
function loadPuppetClass(name: string, userDir: string): PuppetClass {
  if (!packageName.test(name)) throw new WechatError('INVALID_PARAMS', 'puppetNameInvalid', { puppet: name });
  const found = findPackage(name, userDir);
  if (!found) throw new WechatError('NOT_FOUND', 'puppetMissing', { puppet: name, dir: userDir });
  const { require, path } = found;
  return importPuppetClass(name, () => require(path) as unknown);
}

/** The folder and the version of an installed puppet, without loading it; undefined when it is not installed. */
export function installedPackage(
  name: string,
  userDir: string,
): { readonly folder: string; readonly version: string } | undefined {
  let folder = findPackage(name, userDir)?.path;
  while (folder !== undefined && folder !== dirname(folder)) {
    folder = dirname(folder);
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      if (manifest.name === name) return { folder, version: String(manifest.version) };
    } catch {
      // Not the root folder of a package.
    }
  }
  return undefined;
}

function findPackage(name: string, userDir: string): { require: NodeJS.Require; path: string } | undefined {
  const fromUserDir = createRequire(join(userDir, 'package.json'));
  const fromHere = createRequire(__filename);
  const fromWechaty = createRequire(fromHere.resolve('wechaty'));
  for (const require of [fromUserDir, fromHere, fromWechaty]) {
    try {
      return { require, path: require.resolve(name) };
    } catch {
      continue;
    }
  }
  return undefined;
}

function importPuppetClass(name: string, load: () => unknown): PuppetClass {
  let exported: unknown;
  try {
    exported = load();
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'puppetInvalid', { puppet: name, error: errorMessage(error) });
  }
  // CommonJS interop nests the default export once or twice.
  for (let depth = 0; depth < 3 && typeof exported === 'object' && exported !== null; depth += 1) {
    exported = (exported as { default?: unknown }).default;
  }
  if (typeof exported !== 'function') {
    throw new WechatError('INVALID_PARAMS', 'puppetInvalid', { puppet: name, error: 'no default export' });
  }
  return exported as PuppetClass;
}

/**
 * The options of a puppet: the cache sizes, the user's options and the token.
 * @throws WechatError INVALID_PARAMS when the text is not a JSON object.
 */
function puppetOptions(json: string, token: string | undefined): PuppetOptions {
  return { cache: cacheSizes, ...parseOptions(json), ...(token ? { token } : {}) };
}

function parseOptions(json: string): object {
  if (!json.trim()) return {};
  try {
    const options: unknown = JSON.parse(json);
    if (isObject(options)) return options;
    throw new TypeError('write them in braces, as in {"login": "scan"}');
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'optionsNotJson', { error: errorMessage(error) });
  }
}

/** The settings that a puppet is created from. */
export interface PuppetSettings {
  readonly puppet: string;
  readonly options: string;
  readonly token?: string;
  readonly userDir: string;
}

/**
 * Loads and instantiates the puppet of a bot in its scope, which is closed if that fails.
 * @param builtIn its class, if it is built in.
 * @throws WechatError of the settings, or of the discovery of a puppet service.
 */
export async function createConfiguredPuppet(
  { puppet: name, options, token, userDir }: PuppetSettings,
  builtIn: PuppetClass | undefined,
  scope: PuppetScope,
): Promise<Puppet> {
  const create = async (): Promise<Puppet> => {
    const PuppetConstructor = builtIn ?? loadPuppetClass(name, userDir);
    const complete = await withServiceEndpoint(name, puppetOptions(options, token));
    const puppet = createPuppet(PuppetConstructor, name, complete);
    adaptWechat4u(puppet);
    return puppet;
  };
  try {
    return await scope.run(create);
  } catch (error) {
    scope.close();
    throw error;
  }
}

/** Instantiates a puppet. @throws WechatError INVALID_PARAMS when its constructor throws. */
function createPuppet(PuppetConstructor: PuppetClass, name: string, options: PuppetOptions): Puppet {
  try {
    return new PuppetConstructor(options);
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'optionsRefused', { puppet: name, error: errorMessage(error) });
  }
}
