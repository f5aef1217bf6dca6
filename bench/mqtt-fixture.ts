/** A bot, its mirror and a broker, without Node-RED around them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Server from '../src/remotes/mqtt/remote';
import type { SimulatorOptions } from '../src/puppets/simulator';
import type { Arrivals } from './arrival-counter';
import { engine } from './pack';
import { startBot, type StartedBot } from './started-bot';

const { MqttRemote } = createRequire(__filename)('../dist/remotes/mqtt/remote.js') as typeof Server;

/** Mirrors a new bot to a broker under its id; resolves when it is connected. */
export async function startMirroredBot(
  id: string,
  url: string,
  { outbox, ...options }: SimulatorOptions & { readonly outbox: boolean },
): Promise<StartedBot> {
  const started = await startBot(id, options);
  const directory = await mkdtemp(join(tmpdir(), 'wechat-bench-mqtt-'));
  let remote: Server.MqttRemote | undefined;
  await new Promise<void>((resolve, reject) => {
    remote = new MqttRemote(
      started.bot,
      {
        url,
        clientId: id,
        protocolVersion: '5',
        qos: 1,
        directory: join(directory, 'mqtt'),
        events: ['message'],
        simple: false,
        secretKey: '',
        sealed: false,
        permits: { allow: [], deny: [] },
        files: engine.flowPolicy,
        maxCommandAge: 0,
        outboxMaxBytes: outbox ? 100 * 1024 * 1024 : 0,
        version: '0',
      },
      {
        changed: () => {
          if (remote?.status.isConnected) resolve();
        },
        handled: () => undefined,
        log: () => undefined,
      },
    );
    remote.start().catch(reject);
  });
  return {
    ...started,
    end: async () => {
      await remote?.stop(true);
      await started.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Has another process count what comes on a topic; resolves when it is subscribed. */
export async function countArrivals(url: string, topic: string, arrivals: Arrivals): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'mqtt-subscriber.ts'), [url, topic], {
    execArgv: ['--require', 'tsx/cjs'],
  });
  await once(child, 'message');
  child.on('message', (count: number) => {
    for (let index = 0; index < count; index += 1) arrivals.arrived();
  });
  return child;
}
