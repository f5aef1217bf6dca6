/** A simulated bot without Node-RED. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bot } from '../src/bot/bot';
import type { SimulatorOptions, Simulation } from '../src/puppets/simulator';
import { pack, worlds } from './pack';

/** A ready bot and its simulation. */
export interface StartedBot {
  readonly bot: Bot;
  readonly simulation: Simulation;
  readonly stop: () => Promise<void>;
}

/** Starts a bot; resolves when it is ready. */
export async function startBot(id: string, options: SimulatorOptions = {}): Promise<StartedBot> {
  const userDir = await mkdtemp(join(tmpdir(), 'wechat-bench-'));
  const bot = new pack.Bot(
    {
      id,
      name: id,
      puppet: 'simulator',
      options: JSON.stringify(options),
      rateLimits: { minGap: 0, jitter: 0, perMinute: 0 },
      userDir,
    },
    { events: pack.eventReaders, puppets: { simulator: pack.simulatorPuppetFor }, log: () => undefined },
  );
  await new Promise<void>((resolve) => {
    const off = bot.on('state', ({ name }) => {
      if (name !== 'ready') return;
      off();
      resolve();
    });
    bot.start();
  });
  const simulation = worlds.findSimulation(id);
  if (!simulation) throw new Error(`${id} has no simulation.`);
  return {
    bot,
    simulation,
    stop: async () => {
      await bot.stop();
      pack.removeSimulation(id);
      await rm(userDir, { recursive: true, force: true });
    },
  };
}
