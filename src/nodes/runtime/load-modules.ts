import { createRequire } from 'node:module';
import type * as LazyModules from './lazy-modules';

const load = createRequire(__filename);

/**
 * Loads Wechaty and the modules that depend on it, on first use instead of with the palette: they take half a second
 * and 60 MB, which a Node-RED without bots should not pay.
 */
export function loadModules(): typeof LazyModules {
  return load('./lazy-modules') as typeof LazyModules;
}
