/** A process that calls a server as fast as it can over a few connections, and tells how long each answer took. */
import { Agent, request } from 'node:http';

/** What it is told to do. */
export interface Calls {
  readonly url: string;
  /** A form. */
  readonly body: string;
  readonly count: number;
  readonly connections: number;
}

/** How it went: the whole, and each answer, in ms. */
export interface CallTimes {
  readonly whole: number;
  readonly each: readonly number[];
}

const agents = new Map<number, Agent>();

function call(agent: Agent, { url, body }: Calls): Promise<number> {
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

async function callAll(calls: Calls): Promise<CallTimes> {
  const { count, connections } = calls;
  const agent = agents.get(connections) ?? new Agent({ keepAlive: true, maxSockets: connections });
  agents.set(connections, agent);
  const each: number[] = [];
  let left = count;
  const start = performance.now();
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      each.push(await call(agent, calls));
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { whole: performance.now() - start, each };
}

process.on('message', (calls: Calls) => {
  callAll(calls).then(
    (times) => process.send?.(times),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
