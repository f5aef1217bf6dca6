/**
 * Child process that sends commands over MQTT and reports their latencies: `mqtt-caller <url> <request topic>
 * <response topic>`.
 */
import { randomUUID } from 'node:crypto';
import { connectClient } from './mqtt-client';

/** Commands to send. */
export interface CallOptions {
  readonly name: string;
  readonly params: object;
  readonly count: number;
  /** Commands in flight. */
  readonly concurrency: number;
}

/** Times in ms. */
export interface CallTimes {
  readonly each: number[];
  readonly totalMs: number;
}

const [url = '', requests = '', responses = ''] = process.argv.slice(2);

async function run(): Promise<void> {
  const client = await connectClient(url);
  const waiting = new Map<string, () => void>();
  client.on('message', (_topic, payload) => {
    const { reqId } = JSON.parse(payload.toString()) as { reqId: string };
    waiting.get(reqId)?.();
  });
  await client.subscribeAsync(responses, { qos: 1 });

  async function time(name: string, params: object): Promise<number> {
    const reqId = randomUUID();
    const start = performance.now();
    await new Promise<void>((resolve) => {
      waiting.set(reqId, resolve);
      const command = { reqId, method: 'command', version: '1.0', timestamp: Date.now(), name, params };
      client.publish(requests, JSON.stringify(command), { qos: 1 });
    });
    waiting.delete(reqId);
    return performance.now() - start;
  }

  async function call({ name, params, count, concurrency }: CallOptions): Promise<CallTimes> {
    const each: number[] = [];
    let started = 0;
    const start = performance.now();
    const worker = async (): Promise<void> => {
      while (started < count) {
        started += 1;
        each.push(await time(name, params));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return { each, totalMs: performance.now() - start };
  }

  process.on('message', (calls: CallOptions) => {
    void call(calls).then((times) => process.send?.(times));
  });
  process.send?.('ready');
}

process.on('disconnect', () => process.exit());
run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
