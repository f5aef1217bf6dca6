/** The child process with the clients of a WebSocket server: what they cost is not the server's. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What it can be told, and what it says of it. */
export type Order =
  /** Calls so often, so many at once, and waits for each answer. */
  | {
      readonly kind: 'call';
      readonly url: string;
      readonly frames: readonly string[];
      readonly count: number;
      readonly atOnce: number;
    }
  /** Connects so many clients that count what comes; `first` is what each says first, and gets one answer to. */
  | { readonly kind: 'listen'; readonly url: string; readonly clients: number; readonly first?: string }
  /** Says when each of the clients has heard so many more messages. */
  | { readonly kind: 'hear'; readonly messages: number };

export interface Report {
  /** How long it took, in ms. */
  readonly elapsed: number;
  /** Of each call, in ms. */
  readonly waits: readonly number[];
}

/** Stands for a number of its own in each frame that is sent. */
const mark = '#id#';

async function call({ url, frames, count, atOnce }: Extract<Order, { kind: 'call' }>): Promise<Report> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  const begun = new Map<string, number>();
  const waits: number[] = [];
  let sent = 0;
  const next = (): void => {
    if (sent >= count) return;
    sent += 1;
    const id = `id-${sent}`;
    begun.set(id, performance.now());
    socket.send((frames[sent % frames.length] ?? '').replace(mark, id));
  };
  const start = performance.now();
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      // What is told besides has no id.
      const id = /"cmdId":"([^"]+)"/.exec(data.toString('latin1', 0, 300))?.[1] ?? '';
      const at = begun.get(id);
      if (at === undefined) return;
      begun.delete(id);
      waits.push(performance.now() - at);
      if (waits.length === count) resolve();
      else next();
    });
    for (let index = 0; index < atOnce; index += 1) next();
  });
  const elapsed = performance.now() - start;
  socket.terminate();
  return { elapsed, waits };
}

const listeners: WebSocket[] = [];
let heard = 0;
let wanted = Infinity;
let allHeard: () => void = () => undefined;

async function listen({ url, clients, first }: Extract<Order, { kind: 'listen' }>): Promise<Report> {
  for (const old of listeners.splice(0)) old.terminate();
  for (let index = 0; index < clients; index += 1) {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    if (first !== undefined) {
      socket.send(first);
      await once(socket, 'message');
    }
    socket.on('message', () => {
      heard += 1;
      if (heard >= wanted) allHeard();
    });
    listeners.push(socket);
  }
  return { elapsed: 0, waits: [] };
}

async function hear({ messages }: Extract<Order, { kind: 'hear' }>): Promise<Report> {
  const target = messages * listeners.length;
  wanted = target;
  if (heard < target) {
    await new Promise<void>((resolve) => {
      allHeard = resolve;
    });
  }
  heard -= target;
  wanted = Infinity;
  return { elapsed: 0, waits: [] };
}

function work(order: Order): Promise<Report> {
  if (order.kind === 'call') return call(order);
  return order.kind === 'listen' ? listen(order) : hear(order);
}

process.on('message', (order: Order) => {
  work(order).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
