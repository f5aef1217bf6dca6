/**
 * Another program that calls a bot over MQTT and waits for each answer: `mqtt-caller <url> <topic of requests> <topic
 * of answers>`. Told what to call and how often, it says how many ms each answer took.
 */
import { randomUUID } from 'node:crypto';
import { quickClient } from './mqtt-client';

/** What to call. */
export interface Calls {
  readonly name: string;
  readonly params: object;
  readonly count: number;
  /** Calls under way at once. */
  readonly atOnce: number;
}

/** How long it took, in ms. */
export interface Took {
  readonly each: number[];
  readonly all: number;
}

const [url = '', requests = '', answers = ''] = process.argv.slice(2);

async function run(): Promise<void> {
  const client = await quickClient(url);
  const waiting = new Map<string, () => void>();
  client.on('message', (_topic, payload) => {
    const { reqId } = JSON.parse(payload.toString()) as { reqId: string };
    waiting.get(reqId)?.();
  });
  await client.subscribeAsync(answers, { qos: 1 });

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

  async function call({ name, params, count, atOnce }: Calls): Promise<Took> {
    const each: number[] = [];
    let begun = 0;
    const start = performance.now();
    const oneAfterTheOther = async (): Promise<void> => {
      while (begun < count) {
        begun += 1;
        each.push(await time(name, params));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
    return { each, all: performance.now() - start };
  }

  process.on('message', (calls: Calls) => {
    void call(calls).then((took) => process.send?.(took));
  });
  process.send?.('ready');
}

process.on('disconnect', () => process.exit());
run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
