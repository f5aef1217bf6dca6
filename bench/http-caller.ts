/** Child process that sends requests over several connections and reports their latencies. */
import { Agent, request } from 'node:http';

/** Requests to send. */
export interface CallOptions {
  readonly url: string;
  /** URL-encoded form. */
  readonly body: string;
  readonly count: number;
  readonly connections: number;
}

/** Times in ms. */
export interface CallTimes {
  readonly totalMs: number;
  readonly latencies: readonly number[];
}

const agents = new Map<number, Agent>();

function call(agent: Agent, { url, body }: CallOptions): Promise<number> {
  const start = performance.now();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    request(url, { agent, method: 'POST', headers }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - start);
        else reject(new Error(`${url} answered ${response.statusCode ?? 'nothing'}`));
      });
    })
      .once('error', reject)
      .end(body);
  });
}

async function callAll(calls: CallOptions): Promise<CallTimes> {
  const { count, connections } = calls;
  const agent = agents.get(connections) ?? new Agent({ keepAlive: true, maxSockets: connections });
  agents.set(connections, agent);
  const each: number[] = [];
  let remaining = count;
  const start = performance.now();
  const work = async (): Promise<void> => {
    while (remaining > 0) {
      remaining -= 1;
      each.push(await call(agent, calls));
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { totalMs: performance.now() - start, latencies: each };
}

process.on('message', (calls: CallOptions) => {
  callAll(calls).then(
    (times) => process.send?.(times),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
