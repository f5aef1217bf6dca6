/** A real bot on a simulation, for unit tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bot, type BotDependencies, type BotSettings } from '../../src/bot/bot';
import type { BotEvent } from '../../src/bot/events';
import type { EventName } from '../../src/events/table';
import type { BotState, BotStateName } from '../../src/bot/state';
import { eventReaders } from '../../src/events/table';
import { PuppetSimulator, type SimulatorOptions, Simulation } from '../../src/puppets/simulator';

/** The options of a test's bot. */
export interface SimulatedBotOptions {
  readonly simulator?: SimulatorOptions;
  readonly settings?: Partial<BotSettings>;
  readonly dependencies?: Partial<BotDependencies>;
}

/** Timeout of all waits, in ms. */
const timeoutMs = 10_000;

let botCount = 0;

/** A bot, its simulation, and all states and events it emitted. */
export class SimulatedBot {
  readonly states: BotState[] = [];
  readonly events: BotEvent[] = [];
  private constructor(
    readonly bot: Bot,
    readonly simulation: Simulation,
    readonly userDir: string,
    /** The log messages. */
    readonly log: readonly string[],
    private readonly puppets: readonly PuppetSimulator[],
  ) {
    bot.on('state', (state) => this.states.push(state));
    bot.on('event', (event) => this.events.push(event));
  }

  /** Creates a bot without starting it; a `userDir` in the settings shares the session of a previous one. */
  static async create({
    simulator,
    settings,
    dependencies: parts,
  }: SimulatedBotOptions = {}): Promise<SimulatedBot> {
    botCount += 1;
    const userDir = settings?.userDir ?? (await mkdtemp(join(tmpdir(), 'wechat-bot-')));
    const simulation = new Simulation(simulator);
    const log: string[] = [];
    const puppets: PuppetSimulator[] = [];
    class Puppet extends PuppetSimulator {
      constructor(options: object) {
        super({ ...options, ...simulator, simulation });
        puppets.push(this);
      }
    }
    const bot = new Bot(
      {
        id: `bot${botCount}`,
        name: 'Shop',
        puppet: 'simulator',
        options: '',
        rateLimits: { minGap: 0, jitter: 0, perMinute: 0 },
        ...settings,
        userDir,
      },
      {
        events: eventReaders,
        puppets: { simulator: () => Puppet },
        log: (_level, message) => log.push(message),
        ...parts,
      },
    );
    return new SimulatedBot(bot, simulation, userDir, log, puppets);
  }

  /** Creates and starts a bot; resolves when it is ready. */
  static async start(options?: SimulatedBotOptions): Promise<SimulatedBot> {
    const simulated = await SimulatedBot.create(options);
    simulated.bot.start();
    await simulated.untilState('ready');
    return simulated;
  }

  /** Emits an error from the puppet. */
  puppetError(message: string): void {
    this.puppets.at(-1)?.emit('error', new Error(message));
  }

  /** Resolves when the bot is in this state. */
  untilState(name: BotStateName, accept: (state: BotState) => boolean = () => true): Promise<BotState> {
    const { state: current } = this.bot;
    if (current.name === name && accept(current)) return Promise.resolve(current);
    return this.#await(`state ${name}`, 'state', (state) => state.name === name && accept(state));
  }

  /** Resolves with the next matching event. */
  nextEvent(name: EventName, fits: (event: BotEvent) => boolean = () => true): Promise<BotEvent> {
    return this.#await(`event ${name}`, 'event', (event) => event.event === name && fits(event));
  }

  /** Stops the bot and removes its files. */
  async stop(): Promise<void> {
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
        reject(new Error(`no ${what} within ${timeoutMs} ms; the bot is ${JSON.stringify(this.bot.state)}`));
      }, timeoutMs);
      const off = this.bot.on(name, (signal) => {
        const value = signal as Name extends 'state' ? BotState : BotEvent;
        if (!fits(value)) return;
        clearTimeout(timer);
        off();
        resolve(value);
      });
    });
  }
}
