/** Compares a remote that answers requests with a bare server of Node.js that answers the same bytes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Calls, CallTimes } from './http-caller';
import { figure, type Row } from './result-row';
import { median, quantile } from './statistics';

const rounds = 3;
const count = 5_000;

/** Connections at once. */
export const connections = 16;

/** The least share of the bare server's throughput, in %. */
const target = 33;

/**
 * Throughput and 99th percentile of POSTing a body to a URL of ours, beside the bare server.
 * @returns a row without its name.
 */
export async function besideBareHttp(ours: string, body: string): Promise<Omit<Row, 'name'>> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const bytes = await (await fetch(ours, { method: 'POST', body, headers: type })).text();
  const bare = createServer((request, response) => {
    let read = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => {
      read += piece;
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('content-length', Buffer.byteLength(bytes));
      response.end(read === '' ? '' : bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const beside = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;

  const caller = fork(join(__dirname, 'http-caller.ts'), { execArgv: ['--require', 'tsx/cjs'] });
  const call = async (url: string): Promise<CallTimes> => {
    const calls: Calls = { url, body, count, connections };
    caller.send(calls);
    const [times] = (await once(caller, 'message')) as [CallTimes];
    return times;
  };
  const taken = { ours: [] as CallTimes[], bare: [] as CallTimes[] };
  for (let round = 0; round <= rounds; round += 1) {
    const times = { bare: await call(beside), ours: await call(ours) };
    // The first round only warms up.
    if (round === 0) continue;
    taken.bare.push(times.bare);
    taken.ours.push(times.ours);
  }
  caller.disconnect();
  bare.closeAllConnections();
  bare.close();

  const speed = (times: readonly CallTimes[]): number =>
    median(times.map(({ whole }) => (count / whole) * 1000));
  const tail = (times: readonly CallTimes[]): number =>
    quantile(
      times.flatMap(({ each }) => each),
      0.99,
    );
  const shown = (times: readonly CallTimes[]): string =>
    `${figure(speed(times))}/s, ${figure(tail(times))} ms`;
  const share =
    median(taken.ours.map(({ whole }, round) => (taken.bare[round]?.whole ?? whole) / whole)) * 100;
  return {
    measured: shown(taken.ours),
    beside: shown(taken.bare),
    value: `${figure(share)} %`,
    target: `≥ ${target} %`,
    ok: share >= target,
  };
}
