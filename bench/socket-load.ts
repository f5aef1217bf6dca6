/** Child process with the clients of a WebSocket server, so that their cost is not measured. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A task for the process. */
export type LoadTask =
  /** Sends `count` requests, `concurrency` in flight. */
  | {
      readonly kind: 'call';
      readonly url: string;
      readonly frames: readonly string[];
      readonly count: number;
      readonly concurrency: number;
    }
  /** Connects clients that count messages; each sends `greeting` first and waits for its reply. */
  | { readonly kind: 'listen'; readonly url: string; readonly clients: number; readonly greeting?: string }
  /** Waits until each client has received this many more messages. */
  | { readonly kind: 'awaitMessages'; readonly messages: number };

/** The result of a task, in ms. */
export interface LoadResult {
  readonly totalMs: number;
  /** Latency of each request. */
  readonly latencies: readonly number[];
}

/** Replaced by a unique id in each sent frame. */
const idPlaceholder = '#id#';

async function call({
  url,
  frames,
  count,
  concurrency,
}: Extract<LoadTask, { kind: 'call' }>): Promise<LoadResult> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  const startTimes = new Map<string, number>();
  const waits: number[] = [];
  let sent = 0;
  const next = (): void => {
    if (sent >= count) return;
    sent += 1;
    const id = `id-${sent}`;
    startTimes.set(id, performance.now());
    socket.send((frames[sent % frames.length] ?? '').replace(idPlaceholder, id));
  };
  const start = performance.now();
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      // Events have no id.
      const id = /"cmdId":"([^"]+)"/.exec(data.toString('latin1', 0, 300))?.[1] ?? '';
      const startTime = startTimes.get(id);
      if (startTime === undefined) return;
      startTimes.delete(id);
      waits.push(performance.now() - startTime);
      if (waits.length === count) resolve();
      else next();
    });
    for (let index = 0; index < concurrency; index += 1) next();
  });
  const elapsed = performance.now() - start;
  socket.terminate();
  return { totalMs: elapsed, latencies: waits };
}

const listeners: WebSocket[] = [];
let receivedCount = 0;
let expectedCount = Infinity;
let onAllReceived: () => void = () => undefined;

async function listen({
  url,
  clients,
  greeting,
}: Extract<LoadTask, { kind: 'listen' }>): Promise<LoadResult> {
  for (const previous of listeners.splice(0)) previous.terminate();
  for (let index = 0; index < clients; index += 1) {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    if (greeting !== undefined) {
      socket.send(greeting);
      await once(socket, 'message');
    }
    socket.on('message', () => {
      receivedCount += 1;
      if (receivedCount >= expectedCount) onAllReceived();
    });
    listeners.push(socket);
  }
  return { totalMs: 0, latencies: [] };
}

async function awaitMessages({
  messages,
}: Extract<LoadTask, { kind: 'awaitMessages' }>): Promise<LoadResult> {
  const target = messages * listeners.length;
  expectedCount = target;
  if (receivedCount < target) {
    await new Promise<void>((resolve) => {
      onAllReceived = resolve;
    });
  }
  receivedCount -= target;
  expectedCount = Infinity;
  return { totalMs: 0, latencies: [] };
}

function runTask(task: LoadTask): Promise<LoadResult> {
  if (task.kind === 'call') return call(task);
  return task.kind === 'listen' ? listen(task) : awaitMessages(task);
}

process.on('message', (order: LoadTask) => {
  runTask(order).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
