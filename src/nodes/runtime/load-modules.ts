import { createRequire } from 'node:module';
import type * as Engine from './lazy-modules';

const load = createRequire(__filename);

/**
 * Wechaty and all that stands on it, loaded when the first bot (or the editor) asks and not with the palette: it
 * takes half a second and 60 MB that a Node-RED without a bot should not pay.
 */
export function loadEngine(): typeof Engine {
  return load('./lazy-modules') as typeof Engine;
}
