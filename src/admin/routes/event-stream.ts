/** What happens, as it happens: one stream of server-sent events for each editor that looks. */
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import type { World, WorldMessage } from '../../puppets/simulator';
import { type ActivityEntry, activityNews } from '../../nodes/runtime/activity-log';
import { deployedBots, deployments } from '../../nodes/runtime/bot-registry';
import { loadEngine } from '../../nodes/runtime/load-modules';
import { botSummary } from './bots';
import type { Route } from '../route';
import { messageView } from '../world-view';

/** Silence after which a sign of life is sent, in ms: proxies end connections that are silent. */
const heartbeat = 20_000;

/** Time in which changes of bots are gathered, in ms. */
const gathering = 250;

/** What may wait for a client that reads slowly, in bytes; more ends its stream. */
const mostWaiting = 4 * 2 ** 20;

/** The age at which a stream ends, in ms, so that the permission is asked for anew. */
const longestLife = 30 * 60_000;

/** Time after which flows that were stopped and not started again mean the end of Node-RED, in ms. */
const restartTime = 5_000;

/** Names this run of Node-RED: another one has other messages. */
const run = randomUUID();

/** Looks at everything for as long as a client listens. */
class Stream {
  readonly #ends: (() => void)[] = [];
  #bots: NodeJS.Timeout | undefined;
  #shown = '';

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
        // Told to nginx, which would otherwise keep the events to itself.
        'X-Accel-Buffering': 'no',
        'X-Content-Type-Options': 'nosniff',
      })
      .flushHeaders();
    response.on('close', () => {
      this.close();
    });
    this.#tell('hello', { run });
    this.#listen();
    this.#showBots();
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end();
    clearTimeout(this.#bots);
    this.response.end();
  }

  #listen(): void {
    const beat = setInterval(() => {
      this.#write(':\n\n');
    }, heartbeat).unref();
    const life = setTimeout(() => {
      this.close();
    }, longestLife).unref();
    const showSoon = (): void => {
      this.#bots ??= setTimeout(() => {
        this.#bots = undefined;
        this.#showBots();
      }, gathering).unref();
    };
    let unfollow: (() => void)[] = [];
    const follow = (): void => {
      for (const end of unfollow) end();
      unfollow = deployedBots().map(({ bot }) => bot.on('state', showSoon));
      showSoon();
    };
    const entered = (bot: string, entry: ActivityEntry): void => {
      this.#tell('activity', { bot, entry });
    };
    let unhear = (): void => undefined;
    const hear = (): void => {
      if (deployedBots().length > 0) unhear = this.#hearWorlds();
      else deployments.once('changed', hear);
    };
    follow();
    hear();
    deployments.on('changed', follow);
    activityNews.on('counts', showSoon);
    activityNews.on('entry', entered);
    streams.add(this);
    this.#ends.push(() => {
      streams.delete(this);
      clearInterval(beat);
      clearTimeout(life);
      for (const end of unfollow) end();
      unhear();
      deployments.off('changed', hear);
      deployments.off('changed', follow);
      activityNews.off('counts', showSoon);
      activityNews.off('entry', entered);
    });
  }

  /** Worlds are a part of the engine, which is not loaded for a Node-RED without a bot. */
  #hearWorlds(): () => void {
    const { worldNews } = loadEngine();
    const said = (bot: string, world: World, message: WorldMessage): void => {
      this.#tell('message', { bot, message: messageView(world, message) });
    };
    worldNews.on('message', said);
    return () => worldNews.off('message', said);
  }

  #showBots(): void {
    const bots = deployedBots().map(({ bot }) => botSummary(this.RED, bot));
    const shown = JSON.stringify(bots);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#write(`event: bots\ndata: ${shown}\n\n`);
  }

  #tell(event: string, told: object): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(told)}\n\n`);
  }

  #write(text: string): void {
    const { response } = this;
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    // What one editor does not read must not fill the memory of all.
    if (response.writableLength > mostWaiting) response.destroy();
  }
}

const streams = new Set<Stream>();

/** Ends all streams when Node-RED stops, which it tells of only by flows that stop and do not start again. */
function endWithNodeRed(RED: NodeAPI): void {
  let timer: NodeJS.Timeout | undefined;
  RED.events.on('flows:stopped', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const stream of streams) stream.close();
    }, restartTime).unref();
  });
  RED.events.on('flows:started', () => {
    clearTimeout(timer);
  });
}

/** The stream. */
export function liveRoutes(RED: NodeAPI): Route[] {
  endWithNodeRed(RED);
  return [
    {
      method: 'GET',
      path: '/wechat/live',
      permission: 'read',
      answer: ({ request, response }: { request: Request; response: Response }) => {
        request.socket.setNoDelay();
        new Stream(RED, response).open();
        return undefined;
      },
    },
  ];
}
