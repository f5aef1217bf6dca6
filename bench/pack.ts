/** Modules of the built pack, the same instances that an embedded Node-RED loads. */
import { createRequire } from 'node:module';
import type * as Pack from '../src/nodes/runtime/lazy-modules';
import type * as Simulator from '../src/puppets/simulator';
import type * as Worlds from '../src/puppets/simulations';

const load = createRequire(__filename);

/** Bots and commands. */
export const pack = load('../dist/nodes/runtime/lazy-modules.js') as typeof Pack;
/** The simulator. */
export const simulator = load('../dist/puppets/simulator/index.js') as typeof Simulator;
/** Simulations of deployed bots. */
export const worlds = load('../dist/puppets/simulations.js') as typeof Worlds;
