/** The stream of server-sent events of each open editor. */
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import type { Simulation, SimulatedMessage } from '../../puppets/simulator';
import { activityEvents, type ActivityLog, type LogEntry } from '../../nodes/runtime/activity-log';
import { deployedBots, botRegistryEvents } from '../../nodes/runtime/bot-registry';
import { loadModules } from '../../nodes/runtime/load-modules';
import { toActivityEntry } from '../activity-entry';
import type { StreamEvents } from '../api-types';
import { botSummary } from './bots';
import type { Route } from '../route';
import { messageView } from '../simulation-view';

/** Interval of heartbeat comments, in ms: proxies close idle connections. */
const heartbeatIntervalMs = 20_000;

/** Changes of bots within this time are sent at once, in ms. */
const debounceMs = 250;

/** Maximum size of the send buffer, in bytes; the stream of a slower client is closed. */
const maxBufferedBytes = 4 * 2 ** 20;

/** Maximum age of a stream, in ms: reconnecting checks the client's permission again. */
const maxAgeMs = 30 * 60_000;

/** Time without a restart of the flows after which Node-RED is considered to be stopping, in ms. */
const shutdownDelayMs = 5_000;

/** Identifies the run of Node-RED, so that clients discard the messages of the previous run. */
const runId = randomUUID();

/** One stream; subscribes to bots, activity logs and simulations while the client is connected. */
class SseStream {
  readonly #cleanups: (() => void)[] = [];
  #botsTimer: NodeJS.Timeout | undefined;
  #lastBots = '';

  constructor(
    readonly RED: NodeAPI,
    readonly response: Response,
  ) {}

  open(): void {
    const { response } = this;
    response
      .set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        // Disables the response buffer of nginx.
        'X-Accel-Buffering': 'no',
        'X-Content-Type-Options': 'nosniff',
      })
      .flushHeaders();
    response.on('close', () => {
      this.close();
    });
    this.#send('hello', { run: runId });
    this.#subscribe();
    this.#sendBots();
  }

  close(): void {
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    clearTimeout(this.#botsTimer);
    this.response.end();
  }

  #subscribe(): void {
    const heartbeatTimer = setInterval(() => {
      this.#write(':\n\n');
    }, heartbeatIntervalMs).unref();
    const ageTimer = setTimeout(() => {
      this.close();
    }, maxAgeMs).unref();
    const sendBotsSoon = (): void => {
      this.#botsTimer ??= setTimeout(() => {
        this.#botsTimer = undefined;
        this.#sendBots();
      }, debounceMs).unref();
    };
    let unsubscribeStates: (() => void)[] = [];
    const subscribeStates = (): void => {
      for (const unsubscribe of unsubscribeStates) unsubscribe();
      unsubscribeStates = deployedBots().map(({ bot }) => bot.on('state', sendBotsSoon));
      sendBotsSoon();
    };
    const onEntry = (log: ActivityLog, entry: LogEntry): void => {
      this.#send('activity', { bot: log.botId, entry: toActivityEntry(log, entry) });
    };
    let unsubscribeSimulations = (): void => undefined;
    const subscribeSimulations = (): void => {
      if (deployedBots().length > 0) unsubscribeSimulations = this.#subscribeSimulations();
      else botRegistryEvents.once('changed', subscribeSimulations);
    };
    subscribeStates();
    subscribeSimulations();
    botRegistryEvents.on('changed', subscribeStates);
    activityEvents.on('counts', sendBotsSoon);
    activityEvents.on('entry', onEntry);
    streams.add(this);
    this.#cleanups.push(() => {
      streams.delete(this);
      clearInterval(heartbeatTimer);
      clearTimeout(ageTimer);
      for (const unsubscribe of unsubscribeStates) unsubscribe();
      unsubscribeSimulations();
      botRegistryEvents.off('changed', subscribeSimulations);
      botRegistryEvents.off('changed', subscribeStates);
      activityEvents.off('counts', sendBotsSoon);
      activityEvents.off('entry', onEntry);
    });
  }

  /** Must be called only after a bot was deployed: it loads the lazy modules. */
  #subscribeSimulations(): () => void {
    const { simulationEvents } = loadModules();
    const onMessage = (bot: string, simulation: Simulation, message: SimulatedMessage): void => {
      this.#send('message', { bot, message: messageView(simulation, message) });
    };
    simulationEvents.on('message', onMessage);
    return () => simulationEvents.off('message', onMessage);
  }

  #sendBots(): void {
    const bots = deployedBots().map(({ bot }) => botSummary(this.RED, bot));
    const serialized = JSON.stringify(bots);
    if (serialized === this.#lastBots) return;
    this.#lastBots = serialized;
    this.#send('bots', bots);
  }

  #send<Name extends keyof StreamEvents>(event: Name, data: StreamEvents[Name]): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #write(text: string): void {
    const { response } = this;
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    // A client that does not read must not exhaust the memory.
    if (response.writableLength > maxBufferedBytes) response.destroy();
  }
}

const streams = new Set<SseStream>();

/** Closes all streams when Node-RED stops. Its only sign is that the flows stop and do not start again. */
function closeOnShutdown(RED: NodeAPI): void {
  let timer: NodeJS.Timeout | undefined;
  RED.events.on('flows:stopped', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const stream of streams) stream.close();
    }, shutdownDelayMs).unref();
  });
  RED.events.on('flows:started', () => {
    clearTimeout(timer);
  });
}

/** The route of the event stream. */
export function eventStreamRoutes(RED: NodeAPI): Route[] {
  closeOnShutdown(RED);
  return [
    {
      method: 'GET',
      path: '/wechat/live',
      permission: 'read',
      handler: ({ request, response }: { request: Request; response: Response }) => {
        request.socket.setNoDelay();
        new SseStream(RED, response).open();
        return undefined;
      },
    },
  ];
}
