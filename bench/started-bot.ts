/** A bot on a simulated world, without Node-RED around it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bot } from '../src/bot/bot';
import type { SimulatorOptions, World } from '../src/puppets/simulator';
import { engine, worlds } from './pack';

/** A bot that is ready. */
export interface StartedBot {
  readonly bot: Bot;
  readonly world: World;
  readonly end: () => Promise<void>;
}

/** Starts a bot; resolves when it is ready. */
export async function startBot(id: string, options: SimulatorOptions = {}): Promise<StartedBot> {
  const userDir = await mkdtemp(join(tmpdir(), 'wechat-bench-'));
  const bot = new engine.Bot(
    {
      id,
      name: id,
      puppet: 'simulator',
      options: JSON.stringify(options),
      pace: { minGap: 0, jitter: 0, perMinute: 0 },
      userDir,
    },
    { events: engine.eventReaders, puppets: { simulator: engine.simulatorOf }, log: () => undefined },
  );
  await new Promise<void>((resolve) => {
    const off = bot.on('state', ({ name }) => {
      if (name !== 'ready') return;
      off();
      resolve();
    });
    bot.start();
  });
  const world = worlds.worldOf(id);
  if (!world) throw new Error(`${id} does not live in a simulated world.`);
  return {
    bot,
    world,
    end: async () => {
      await bot.stop();
      engine.forgetWorld(id);
      await rm(userDir, { recursive: true, force: true });
    },
  };
}
