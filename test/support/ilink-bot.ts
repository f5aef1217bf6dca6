/** A real bot on the fake iLink service, for unit tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bot, type BotDependencies } from '../../src/bot/bot';
import type { BotEvent } from '../../src/bot/events';
import type { BotState, BotStateName } from '../../src/bot/state';
import { flowPolicy } from '../../src/commands/command';
import { runCommand } from '../../src/commands/run';
import type { CommandName, ParamsOf, ResultOf } from '../../src/commands/table';
import { eventReaders } from '../../src/events/table';
import { PuppetIlink } from '../../src/puppets/ilink';
import type { IlinkOptions } from '../../src/puppets/ilink/settings';
import type { Person } from './ilink-service/person';
import type { IlinkService } from './ilink-service/service';

/** Timeout of all waits, in ms. */
const timeoutMs = 15_000;

/** The options of a test's bot. */
export interface IlinkBotOptions {
  readonly puppet?: IlinkOptions;
  readonly dependencies?: Partial<BotDependencies>;
  /** Of a previous bot, whose logins and messages are used again. */
  readonly dataDir?: string;
}

/** A bot, its states and events; the service outlives it. */
export class IlinkBotFixture {
  readonly states: BotState[] = [];
  readonly events: BotEvent[] = [];
  readonly log: string[] = [];
  readonly bot: Bot;
  readonly #taken = new Set<BotEvent>();

  private constructor(
    readonly service: IlinkService,
    readonly dataDir: string,
    { puppet, dependencies }: IlinkBotOptions,
  ) {
    const options = { baseUrl: service.baseUrl, cdnUrl: service.cdnUrl, dataDir, ...puppet };
    class Puppet extends PuppetIlink {
      constructor(given: object) {
        super({ ...given, ...options }, { now: () => service.clock.now() });
      }
    }
    const rateLimits = { minGap: 0, jitter: 0, perMinute: 0 };
    this.bot = new Bot(
      { id: 'ilink', name: 'Shop', puppet: 'ilink', options: '', rateLimits, userDir: dataDir },
      {
        events: eventReaders,
        puppets: { ilink: () => Puppet },
        log: (_level, message) => this.log.push(message),
        ...dependencies,
      },
    );
    this.bot.on('state', (state) => this.states.push(state));
    this.bot.on('event', (event) => this.events.push(event));
  }

  /** Starts a bot that is not logged in. */
  static async start(service: IlinkService, options: IlinkBotOptions = {}): Promise<IlinkBotFixture> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'wechat-ilink-')));
    const fixture = new IlinkBotFixture(service, dataDir, options);
    fixture.bot.start();
    return fixture;
  }

  /** Starts a bot, on which a person logs in. */
  static async login(
    service: IlinkService,
    person: Person,
    options: IlinkBotOptions = {},
  ): Promise<IlinkBotFixture> {
    const fixture = await IlinkBotFixture.start(service, options);
    person.scanAndConfirm((await service.nextCode()).url);
    await fixture.until('ready');
    return fixture;
  }

  /** Runs a command of the table. */
  run<Name extends CommandName>(name: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    return runCommand(this.bot, name, params, { files: flowPolicy });
  }

  /** Resolves when the bot is in a state, with a reason. */
  async until(name: BotStateName, reason?: string): Promise<BotState> {
    const fits = (state: BotState): boolean =>
      state.name === name && (reason === undefined || state.reason.key === reason);
    if (fits(this.bot.state)) return this.bot.state;
    return this.#wait('state', `state ${name} ${reason ?? ''}`, fits);
  }

  /** Resolves when the bot enters a state with a reason, even if it is in it already. */
  async enters(name: BotStateName, reason: string): Promise<void> {
    await this.#wait('state', `new state ${name} ${reason}`, (state) => {
      return state.name === name && state.reason.key === reason;
    });
  }

  /** The next event of this name that was not returned before. */
  async next(name: string): Promise<BotEvent> {
    const fits = (event: BotEvent): boolean => event.event === name && !this.#taken.has(event);
    const event = this.events.find(fits) ?? (await this.#wait('event', `event ${name}`, fits));
    this.#taken.add(event);
    return event;
  }

  /** The texts of the next messages received. */
  async texts(count: number): Promise<string[]> {
    const texts = [];
    while (texts.length < count) {
      const { message } = (await this.next('message')) as unknown as { message: { text: string } };
      texts.push(message.text);
    }
    return texts;
  }

  /** Stops the bot; its files stay. */
  stop(): Promise<void> {
    return this.bot.stop();
  }

  /** Stops the bot and removes its files. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  #wait<Name extends 'state' | 'event'>(
    name: Name,
    what: string,
    fits: (value: Name extends 'state' ? BotState : BotEvent) => boolean,
  ): Promise<Name extends 'state' ? BotState : BotEvent> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        off();
        const errors = this.events.filter(({ event }) => event === 'error').map(({ message }) => message);
        const { violations } = this.service;
        reject(new Error(`no ${what}; ${JSON.stringify({ state: this.bot.state, errors, violations })}`));
      }, timeoutMs);
      const off = this.bot.on(name, (value) => {
        const signal = value as Name extends 'state' ? BotState : BotEvent;
        if (!fits(signal)) return;
        clearTimeout(timer);
        off();
        resolve(signal);
      });
    });
  }
}
