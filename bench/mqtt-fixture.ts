/** A bot with an MQTT remote, without Node-RED. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Server from '../src/remotes/mqtt/remote';
import type { SimulatorOptions } from '../src/puppets/simulator';
import type { ArrivalCounter } from './arrival-counter';
import { pack } from './pack';
import { startBot, type StartedBot } from './started-bot';

const { MqttRemote } = createRequire(__filename)('../dist/remotes/mqtt/remote.js') as typeof Server;

/** Starts a bot and its MQTT remote; resolves when it is connected. */
export async function startMqttBot(
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
        nodeName: 'bench',
        clientId: id,
        protocolVersion: '5',
        qos: 1,
        directory: join(directory, 'mqtt'),
        events: ['message'],
        simple: false,
        secretKey: '',
        sealed: false,
        permissions: { allow: [], deny: [] },
        files: pack.flowPolicy,
        maxCommandAge: 0,
        outboxMaxBytes: outbox ? 100 * 1024 * 1024 : 0,
        version: '0',
      },
      {
        onStatusChange: () => {
          if (remote?.status.isConnected) resolve();
        },
        onAudit: () => undefined,
        log: () => undefined,
      },
    );
    remote.start().catch(reject);
  });
  return {
    ...started,
    stop: async () => {
      await remote?.stop(true);
      await started.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Counts messages on a topic in a child process; resolves when it is subscribed. */
export async function countArrivals(
  url: string,
  topic: string,
  arrivals: ArrivalCounter,
): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'mqtt-subscriber.ts'), [url, topic], {
    execArgv: ['--require', 'tsx/cjs'],
  });
  await once(child, 'message');
  child.on('message', (count: number) => {
    for (let index = 0; index < count; index += 1) arrivals.onArrival();
  });
  return child;
}
