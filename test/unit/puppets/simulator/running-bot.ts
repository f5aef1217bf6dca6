import type { EventEmitter } from 'node:events';

import { type Wechaty, WechatyBuilder } from 'wechaty';

import {
  PuppetSimulator,
  type PuppetSimulatorOptions,
  type Simulation,
} from '../../../../src/puppets/simulator';

export interface RunningBot {
  readonly bot: Wechaty;
  readonly puppet: PuppetSimulator;
  readonly simulation: Simulation;
}

/** A real Wechaty bot, logged in to a simulation of its own. */
export async function runBot(options: PuppetSimulatorOptions = {}): Promise<RunningBot> {
  const puppet = new PuppetSimulator(options);
  const bot = WechatyBuilder.build({ puppet });
  // Wechaty emits a spurious error with every room.sync(), and throws it when there is no listener.
  bot.on('error', () => undefined);
  const ready = next(bot, 'ready');
  await bot.start();
  await ready;
  return { bot, puppet, simulation: puppet.simulation };
}

/** A puppet without Wechaty, logged in to a simulation of its own. */
export async function runPuppet(options: PuppetSimulatorOptions = {}): Promise<PuppetSimulator> {
  const puppet = new PuppetSimulator(options);
  const ready = next(puppet, 'ready');
  await puppet.start();
  await ready;
  return puppet;
}

/** The arguments of the next event of this name, within ten seconds. */
export function next<T extends unknown[]>(source: object, event: string): Promise<T> {
  const emitter = source as EventEmitter;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no event "${event}" within 10 s`));
    }, 10_000);
    emitter.once(event, (...args: unknown[]) => {
      clearTimeout(timer);
      resolve(args as T);
    });
  });
}
