/** Compares an HTTP remote with a bare Node.js server that responds with the same bytes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CallOptions, CallTimes } from './http-caller';
import { figure, type Row } from './result-row';
import { median, quantile } from './statistics';

const rounds = 3;
const requestCount = 5_000;

/** Concurrent connections. */
export const connections = 16;

/** Minimum share of the bare server's throughput. */
const targetPercent = 33;

/**
 * Measures throughput and p99 latency of POST requests to a URL and to the bare server.
 * @returns a row without its name.
 */
export async function compareWithBareHttp(url: string, body: string): Promise<Omit<Row, 'name'>> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const bytes = await (await fetch(url, { method: 'POST', body, headers: type })).text();
  const bare = createServer((request, response) => {
    let read = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      read += chunk;
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('content-length', Buffer.byteLength(bytes));
      response.end(read === '' ? '' : bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;

  const caller = fork(join(__dirname, 'http-caller.ts'), { execArgv: ['--require', 'tsx/cjs'] });
  const call = async (url: string): Promise<CallTimes> => {
    const calls: CallOptions = { url, body, count: requestCount, connections };
    caller.send(calls);
    const [times] = (await once(caller, 'message')) as [CallTimes];
    return times;
  };
  const results = { ours: [] as CallTimes[], bare: [] as CallTimes[] };
  for (let round = 0; round <= rounds; round += 1) {
    const times = { bare: await call(bareUrl), ours: await call(url) };
    // The first round only warms up.
    if (round === 0) continue;
    results.bare.push(times.bare);
    results.ours.push(times.ours);
  }
  caller.disconnect();
  bare.closeAllConnections();
  bare.close();

  const speed = (times: readonly CallTimes[]): number =>
    median(times.map(({ totalMs: whole }) => (requestCount / whole) * 1000));
  const tail = (times: readonly CallTimes[]): number =>
    quantile(
      times.flatMap(({ latencies: each }) => each),
      0.99,
    );
  const shown = (times: readonly CallTimes[]): string =>
    `${figure(speed(times))}/s, ${figure(tail(times))} ms`;
  const share =
    median(results.ours.map(({ totalMs: whole }, round) => (results.bare[round]?.totalMs ?? whole) / whole)) *
    100;
  return {
    measured: shown(results.ours),
    baseline: shown(results.bare),
    value: `${figure(share)} %`,
    target: `≥ ${targetPercent} %`,
    ok: share >= targetPercent,
  };
}
