/**
 * Client of the runtime's event stream (SSE): one connection for all subscribers of this page. While it is down, it is
 * retried with exponential back-off, and the subscribers poll instead.
 */
import type { StreamEvents } from '../../admin/api-types';
import { Backoff } from '../../util/backoff';
import { authorizedFetch } from './admin-client.editor';
import { parseSse, type ServerSentEvent } from './sse-parser.editor';

/** The callbacks of a subscriber. */
export interface EventSubscriber {
  /**
   * Fetches everything anew: at first, after a gap, and every few seconds while there is no stream.
   * @param restarted whether Node-RED was restarted meanwhile: what was only in its memory is gone
   */
  resync(restarted: boolean): void;
  /** All bots, after a change of any. */
  bots?(bots: StreamEvents['bots']): void;
  activity?(payload: StreamEvents['activity']): void;
  /** A message of a simulated WeChat. */
  message?(payload: StreamEvents['message']): void;
}

/** Time between two polls while there is no stream, in ms. */
const pollIntervalMs = 2000;
/** Delay of the first poll, in ms: a stream that opens within it makes that poll unnecessary. */
const firstPollDelayMs = 400;
/** A stream without even a heartbeat for this time is dead, in ms. */
const idleTimeoutMs = 50_000;
/** Limits of the retry delay, in ms. */
const retryDelays = { minMs: 500, maxMs: 30_000 };
/** Time for which the stream outlives its last subscriber, in ms: often the next one follows at once. */
const closeDelayMs = 5000;

const subscribers = new Set<EventSubscriber>();
let connection: AbortController | undefined;
let isConnected = false;
let pollTimer: number | undefined;
/** Identifies the run of Node-RED that sent the last stream. */
let runId: string | undefined;
let closeTimer: number | undefined;

function notifyAll(notify: (subscriber: EventSubscriber) => void): void {
  for (const subscriber of subscribers) notify(subscriber);
}

function schedulePoll(delay: number): void {
  window.clearTimeout(pollTimer);
  pollTimer = window.setTimeout(() => {
    notifyAll((subscriber) => subscriber.resync(false));
    schedulePoll(pollIntervalMs);
  }, delay);
}

function onHello({ run }: StreamEvents['hello']): void {
  const restarted = runId !== undefined && runId !== run;
  runId = run;
  isConnected = true;
  window.clearTimeout(pollTimer);
  notifyAll((subscriber) => subscriber.resync(restarted));
}

function dispatch({ name, data }: ServerSentEvent): void {
  const payload: unknown = JSON.parse(data);
  if (name === 'hello') {
    onHello(payload as StreamEvents['hello']);
    return;
  }
  notifyAll((subscriber) => {
    if (name === 'bots') subscriber.bots?.(payload as StreamEvents['bots']);
    else if (name === 'activity') subscriber.activity?.(payload as StreamEvents['activity']);
    else if (name === 'message') subscriber.message?.(payload as StreamEvents['message']);
  });
}

/** Reads one stream until it ends. @throws when it breaks or cannot be opened */
async function readStream(signal: AbortSignal): Promise<void> {
  const controller = new AbortController();
  signal.addEventListener('abort', () => controller.abort());
  let idleTimer: number | undefined;
  const restartIdleTimer = (): void => {
    window.clearTimeout(idleTimer);
    idleTimer = window.setTimeout(() => controller.abort(), idleTimeoutMs);
  };
  restartIdleTimer();
  try {
    const { body } = await authorizedFetch('wechat/live', controller.signal);
    if (body) for await (const event of parseSse(body, restartIdleTimer)) dispatch(event);
  } finally {
    window.clearTimeout(idleTimer);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}

async function keepConnected(signal: AbortSignal): Promise<void> {
  const backoff = new Backoff(retryDelays);
  for (;;) {
    // Not an error to show: subscribers poll meanwhile, and report failures of their own requests.
    await readStream(signal).catch(() => undefined);
    if (signal.aborted) return;
    if (isConnected) backoff.reset();
    isConnected = false;
    schedulePoll(0);
    await sleep(backoff.next(), signal);
  }
}

/** Subscribes to the stream. @returns unsubscribes */
export function subscribeEvents(subscriber: EventSubscriber): () => void {
  subscribers.add(subscriber);
  window.clearTimeout(closeTimer);
  if (!connection) {
    connection = new AbortController();
    void keepConnected(connection.signal);
    schedulePoll(firstPollDelayMs);
  } else subscriber.resync(false);
  return () => {
    subscribers.delete(subscriber);
    if (subscribers.size > 0) return;
    closeTimer = window.setTimeout(() => {
      connection?.abort();
      connection = undefined;
      isConnected = false;
      window.clearTimeout(pollTimer);
    }, closeDelayMs);
  };
}
