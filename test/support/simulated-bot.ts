/** A real bot on a simulated world, for tests of everything between the puppet and the nodes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bot, type BotParts, type BotSettings } from '../../src/bot/bot';
import type { BotEvent, EventName } from '../../src/bot/events';
import type { BotState, BotStateName } from '../../src/bot/state';
import { eventReaders } from '../../src/events/table';
import { PuppetSimulator, type SimulatorOptions, World } from '../../src/puppets/simulator';

/** How the bot of a test differs from a usual one on the simulator. */
export interface SimulatedBotOptions {
  readonly simulator?: SimulatorOptions;
  readonly settings?: Partial<BotSettings>;
  readonly parts?: Partial<BotParts>;
}

/** How long a test waits for something that should happen at once, in ms. */
const patience = 10_000;

let made = 0;

/** A bot, its world, and everything it told. */
export class SimulatedBot {
  readonly states: BotState[] = [];
  readonly events: BotEvent[] = [];
  private constructor(
    readonly bot: Bot,
    readonly world: World,
    readonly userDir: string,
    /** What an owner of the machine would read. */
    readonly log: readonly string[],
    private readonly puppets: readonly PuppetSimulator[],
  ) {
    bot.on('state', (state) => this.states.push(state));
    bot.on('event', (event) => this.events.push(event));
  }

  /** Makes a bot that is not started yet; give `userDir` in the settings to share a session with an earlier one. */
  static async make({ simulator, settings, parts }: SimulatedBotOptions = {}): Promise<SimulatedBot> {
    made += 1;
    const userDir = settings?.userDir ?? (await mkdtemp(join(tmpdir(), 'wechat-bot-')));
    const world = new World(simulator);
    const log: string[] = [];
    const puppets: PuppetSimulator[] = [];
    class Puppet extends PuppetSimulator {
      constructor(options: object) {
        super({ ...options, ...simulator, world });
        puppets.push(this);
      }
    }
    const bot = new Bot(
      {
        id: `bot${made}`,
        name: 'Shop',
        puppet: 'simulator',
        options: '',
        pace: { minGap: 0, jitter: 0, perMinute: 0 },
        ...settings,
        userDir,
      },
      {
        events: eventReaders,
        puppets: { simulator: () => Puppet },
        log: (_level, sentence) => log.push(sentence),
        ...parts,
      },
    );
    return new SimulatedBot(bot, world, userDir, log, puppets);
  }

  /** Makes a bot and starts it; resolves when it is ready. */
  static async start(options?: SimulatedBotOptions): Promise<SimulatedBot> {
    const simulated = await SimulatedBot.make(options);
    simulated.bot.start();
    await simulated.state('ready');
    return simulated;
  }

  /** The puppet reports an error, as puppets do when the network hiccups. */
  puppetError(message: string): void {
    this.puppets.at(-1)?.emit('error', new Error(message));
  }

  /** Resolves when the bot is in this state, now or later. */
  state(name: BotStateName, fits: (state: BotState) => boolean = () => true): Promise<BotState> {
    const now = this.bot.state;
    if (now.name === name && fits(now)) return Promise.resolve(now);
    return this.#await(`state ${name}`, 'state', (state) => state.name === name && fits(state));
  }

  /** Resolves with the next event of this name that fits. */
  next(name: EventName, fits: (event: BotEvent) => boolean = () => true): Promise<BotEvent> {
    return this.#await(`event ${name}`, 'event', (event) => event.event === name && fits(event));
  }

  /** Stops the bot and removes its files. */
  async end(): Promise<void> {
    await this.bot.stop();
    await rm(this.userDir, { recursive: true, force: true });
  }

  #await<Name extends 'state' | 'event'>(
    what: string,
    name: Name,
    fits: (signal: Name extends 'state' ? BotState : BotEvent) => boolean,
  ): Promise<Name extends 'state' ? BotState : BotEvent> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        off();
        reject(new Error(`no ${what} within ${patience} ms; the bot is ${JSON.stringify(this.bot.state)}`));
      }, patience);
      const off = this.bot.on(name, (signal) => {
        const told = signal as Name extends 'state' ? BotState : BotEvent;
        if (!fits(told)) return;
        clearTimeout(timer);
        off();
        resolve(told);
      });
    });
  }
}
