/**
 * What happens in the runtime, as it happens: one stream for all who listen on this page. While there is none, it is
 * tried again and again, ever more rarely, and the listeners are told to look for themselves now and then.
 */
import { type ActivityEntry, type BotSummary, openBody } from './admin-client.editor';
import { readEvents, type StreamEvent } from './sse-parser.editor';

/** What the stream tells, by the name of the event. */
interface LiveEvents {
  bots: readonly BotSummary[];
  activity: { readonly bot: string; readonly entry: ActivityEntry };
  message: { readonly bot: string; readonly message: unknown };
}

/** Somebody who wants to know. */
export interface LiveListener {
  /**
   * Asks the runtime for everything: at first, after a gap, and every few seconds while there is no stream.
   * @param restarted whether Node-RED was started again meanwhile: what was only in its memory is gone
   */
  catchUp(restarted: boolean): void;
  /** All bots, after a change of any. */
  bots?(bots: LiveEvents['bots']): void;
  activity?(told: LiveEvents['activity']): void;
  /** A message of a simulated world. */
  message?(told: LiveEvents['message']): void;
}

/** Time between two looks while there is no stream, in ms. */
const pollEvery = 2000;
/** How long the first look waits for the stream, which makes it unnecessary to look twice, in ms. */
const firstLook = 400;
/** A stream without even a heartbeat for so long is dead, in ms. */
const silenceLimit = 50_000;
const longestPause = 30_000;
/** The stream outlives its last listener for so long, in ms: often the next one follows at once. */
const linger = 5000;

const listeners = new Set<LiveListener>();
let connection: AbortController | undefined;
let live = false;
let poll: number | undefined;
/** Which run of Node-RED the last stream came from. */
let run: string | undefined;
let leaving: number | undefined;

function tellAll(tell: (listener: LiveListener) => void): void {
  for (const listener of listeners) tell(listener);
}

function lookAfter(delay: number): void {
  window.clearTimeout(poll);
  poll = window.setTimeout(() => {
    tellAll((listener) => listener.catchUp(false));
    lookAfter(pollEvery);
  }, delay);
}

function greet(hello: { readonly run?: string }): void {
  const restarted = run !== undefined && run !== hello.run;
  run = hello.run;
  live = true;
  window.clearTimeout(poll);
  tellAll((listener) => listener.catchUp(restarted));
}

function pass({ name, data }: StreamEvent): void {
  const told: unknown = JSON.parse(data);
  if (name === 'hello') {
    greet(told as { run?: string });
    return;
  }
  tellAll((listener) => {
    if (name === 'bots') listener.bots?.(told as LiveEvents['bots']);
    else if (name === 'activity') listener.activity?.(told as LiveEvents['activity']);
    else if (name === 'message') listener.message?.(told as LiveEvents['message']);
  });
}

/** Reads one stream to its end. */
async function readStream(stopped: AbortSignal): Promise<void> {
  const broken = new AbortController();
  stopped.addEventListener('abort', () => broken.abort());
  let silence: number | undefined;
  const alive = (): void => {
    window.clearTimeout(silence);
    silence = window.setTimeout(() => broken.abort(), silenceLimit);
  };
  alive();
  try {
    const { body } = await openBody('wechat/live', broken.signal);
    if (body) for await (const event of readEvents(body, alive)) pass(event);
  } finally {
    window.clearTimeout(silence);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}

async function stayConnected(signal: AbortSignal): Promise<void> {
  let failures = 0;
  for (;;) {
    // A stream that cannot be had is no fault: listeners look for themselves, and what they find out they show.
    await readStream(signal).catch(() => undefined);
    if (signal.aborted) return;
    failures = live ? 0 : failures + 1;
    live = false;
    lookAfter(0);
    const longest = Math.min(longestPause, 500 * 2 ** failures);
    await pause(longest * (0.5 + Math.random() / 2), signal);
  }
}

/** Listens until the returned function is called. */
export function listenLive(listener: LiveListener): () => void {
  listeners.add(listener);
  window.clearTimeout(leaving);
  if (!connection) {
    connection = new AbortController();
    void stayConnected(connection.signal);
    lookAfter(firstLook);
  } else listener.catchUp(false);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    leaving = window.setTimeout(() => {
      connection?.abort();
      connection = undefined;
      live = false;
      window.clearTimeout(poll);
    }, linger);
  };
}
