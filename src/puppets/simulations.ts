/** The simulated worlds of this process, one per bot: a redeployed bot finds its world as it left it. */
import { EventEmitter } from 'node:events';
import {
  PuppetSimulator,
  type PuppetSimulatorOptions,
  type SimulatorOptions,
  World,
  type WorldMessage,
} from './simulator';

/** Tells of every message in every world: the bot's id, the world and the message. */
export const worldNews = new EventEmitter<{ message: [string, World, WorldMessage] }>().setMaxListeners(0);

const worlds = new Map<string, { readonly options: string; readonly world: World }>();

/** The world of a bot on the simulator, once it has been started. */
export function worldOf(botId: string): World | undefined {
  return worlds.get(botId)?.world;
}

/** Ends the world of a bot that was removed. */
export function forgetWorld(botId: string): void {
  worlds.delete(botId);
}

/** A puppet class whose puppets all live in the world of this bot; other options make another world. */
export function simulatorOf(botId: string): new (options: PuppetSimulatorOptions) => PuppetSimulator {
  return class extends PuppetSimulator {
    constructor(options: PuppetSimulatorOptions) {
      super({ ...options, world: worldFor(botId, options) });
    }
  };
}

function worldFor(botId: string, options: SimulatorOptions): World {
  const key = JSON.stringify(options);
  const known = worlds.get(botId);
  if (known?.options === key) return known.world;
  const world = new World(options);
  worlds.set(botId, { options: key, world });
  world.on('message', (message) => {
    worldNews.emit('message', botId, world, message);
  });
  return world;
}
