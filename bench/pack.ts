/** The pack as it was built, in the same modules that a Node-RED of this process loads. */
import { createRequire } from 'node:module';
import type * as Engine from '../src/nodes/runtime/lazy-modules';
import type * as Simulator from '../src/puppets/simulator';
import type * as Worlds from '../src/puppets/simulations';

const load = createRequire(__filename);

/** Bots and their commands. */
export const engine = load('../dist/nodes/runtime/lazy-modules.js') as typeof Engine;
/** The simulated WeChat. */
export const simulator = load('../dist/puppets/simulator/index.js') as typeof Simulator;
/** The simulated WeChat in which a deployed bot lives. */
export const worlds = load('../dist/puppets/simulations.js') as typeof Worlds;
