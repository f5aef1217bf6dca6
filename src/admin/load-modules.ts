import { createRequire } from 'node:module';
import type * as LazyModules from './lazy-modules';

const load = createRequire(__filename);

/** Loads modules that depend on libraries on first use: they must not be loaded with the palette. */
export function loadAdminModules(): typeof LazyModules {
  return load('./lazy-modules') as typeof LazyModules;
}
