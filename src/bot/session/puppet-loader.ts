/**
 * Finds and makes a puppet. Wechaty and the puppets are loaded only here and only when a bot starts: together
 * they cost half a second and some 60 MB, which nobody should pay for having the pack installed.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Puppet, PuppetOptions } from 'wechaty-puppet';
import { errorMessage, WechatError } from '../errors';

/** Makes a puppet of the package's class. */
export type PuppetClass = new (options: PuppetOptions) => Puppet;

/** How many payloads a puppet should keep: large accounts would otherwise be read again and again. */
const cache = { contact: 20_000, room: 2_000, message: 1_000 };

const packageName = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/;

/**
 * The class of an installed puppet: looked for from the user directory first (where people install packages),
 * then from this package (`wechaty-puppet-service` and `wechaty-puppet-wechat4u` come with Wechaty).
 * @throws WechatError NOT_FOUND with the npm command to install it; INVALID_PARAMS when it is no puppet.
 */
export function loadPuppetClass(name: string, userDir: string): PuppetClass {
  if (!packageName.test(name)) throw new WechatError('INVALID_PARAMS', 'puppetNameInvalid', { puppet: name });
  const found = findPackage(name, userDir);
  if (!found) throw new WechatError('NOT_FOUND', 'puppetMissing', { puppet: name, dir: userDir });
  const { require, path } = found;
  return puppetClassIn(name, () => require(path) as unknown);
}

/** The version of an installed puppet, which is not loaded for that; undefined when it is not installed. */
export function installedVersion(name: string, userDir: string): string | undefined {
  let folder = findPackage(name, userDir)?.path;
  while (folder !== undefined && folder !== dirname(folder)) {
    folder = dirname(folder);
    try {
      const known = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
      if (known.name === name) return String(known.version);
    } catch {
      // Not the folder of a package.
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

function puppetClassIn(name: string, load: () => unknown): PuppetClass {
  let exported: unknown;
  try {
    exported = load();
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'puppetInvalid', { puppet: name, error: errorMessage(error) });
  }
  // Compiled packages nest their default export once or twice.
  for (let depth = 0; depth < 3 && typeof exported === 'object' && exported !== null; depth += 1) {
    exported = (exported as { default?: unknown }).default;
  }
  if (typeof exported !== 'function') {
    throw new WechatError('INVALID_PARAMS', 'puppetInvalid', { puppet: name, error: 'no default export' });
  }
  return exported as PuppetClass;
}

/**
 * The options handed to a puppet: the user's, the token, and room for large accounts.
 * @throws WechatError INVALID_PARAMS when the text is not a JSON object.
 */
export function puppetOptions(json: string, token: string | undefined): PuppetOptions {
  return { cache, ...parseOptions(json), ...(token ? { token } : {}) };
}

function parseOptions(json: string): object {
  if (!json.trim()) return {};
  try {
    const options: unknown = JSON.parse(json);
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
    throw new TypeError('write them in braces, as in {"login": "scan"}');
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'optionsNotJson', { error: errorMessage(error) });
  }
}

/** @throws WechatError INVALID_PARAMS when the puppet does not accept its options. */
export function makePuppet(PuppetOfAccount: PuppetClass, name: string, options: PuppetOptions): Puppet {
  try {
    return new PuppetOfAccount(options);
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'optionsRefused', { puppet: name, error: errorMessage(error) });
  }
}
