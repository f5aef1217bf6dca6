/**
 * The soak: Mosquitto and Node-RED with one bot and its MQTT remote under 200 events and 20 commands a second. At
 * seeded random times Node-RED is killed, also with its store damaged then, the network is cut, the disk is full, the clock
 * jumps, an event is refused by the broker, or the broker is restarted (with SIGTERM: a killed broker loses messages that
 * it has acknowledged, which no client can detect). SOAK_SECONDS is the duration (default: 30, or
 * 600 in `npm run soak`), SOAK_SEED the seed. The counts are explained in expectations.ts.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { defaults as onEventDefaults } from '../../src/nodes/on-event/properties';
import { Outbox } from '../../src/remotes/storage/outbox';
import { KeyValueStore } from '../../src/remotes/storage/key-value-store';
import { botNode, remoteNodes, whenConnected } from '../interop/mqtt-fixture';
import { skipIfMissing } from '../interop/required-tools';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import { NetworkProxy } from '../support/network';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';
import { SmallDisk } from '../support/small-disk';
import { createUserDirectory } from '../support/user-directory';
import { Expectations } from './expectations';
import { damageStore, findDatabase, jumpClock, publishRefusedEvent } from './faults';

const isLong = process.env.npm_lifecycle_event === 'soak';
const seconds = Number(process.env.SOAK_SECONDS ?? (isLong ? 600 : 30));
const seed = Number(process.env.SOAK_SEED ?? 1);
const eventsPerSecond = 200;
const commandsPerSecond = 20;

/** Time without events, and time in all, after which the soak ends incomplete, in ms. */
const idleTimeoutMs = 30_000;
const drainTimeoutMs = 150_000;

const clientId = 'soak';

/** The largest packet of the broker, in bytes. Of MQTT 3.1.1, it ends the connection without having announced it. */
const maxPacket = 60_000;

/** Size of the disk for the stores, in MB. */
const diskMegabytes = 64;

/** How far the clock jumps at most, in ms: commands older than an hour would not be executed. */
const maxClockJumpMs = 50 * 60_000;

/** A deterministic generator of numbers from 0 to 1. */
function seededRandom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A client with a persistent session. */
async function connectPersistent(url: string, name: string, topic: string): Promise<MqttClient> {
  const session = { clientId: name, clean: false, properties: { sessionExpiryInterval: 3600 } };
  const options = { protocolVersion: 5, reconnectPeriod: 200, connectTimeout: 5_000, ...session } as const;
  const client = await connectAsync(url, options);
  client.on('error', () => undefined);
  await client.subscribeAsync(topic, { qos: 1 });
  return client;
}

/** The texts in the outbox of a killed Node-RED, read from a copy. */
async function textsInOutbox(userDir: string): Promise<string[]> {
  const directory = findDatabase(userDir);
  const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
  const copy = join(folder, 'store');
  cpSync(directory, copy, { recursive: true });
  const store = await KeyValueStore.open(copy, () => undefined);
  const nothing = (): void => undefined;
  const options = { store, maxBytes: Infinity, durable: true, onDropped: nothing };
  const outbox = new Outbox(options);
  await outbox.open();
  const texts: string[] = [];
  for (let parcel = outbox.next(); parcel; parcel = outbox.next()) {
    const { params } = JSON.parse(parcel.message.body) as { params?: { text?: string } };
    if (params?.text !== undefined) texts.push(params.text);
  }
  await store.close();
  rmSync(folder, { recursive: true });
  return texts;
}

describe('Soak', function () {
  this.timeout((seconds * 2 + 300) * 1000);
  let broker: Mosquitto | undefined;
  let network: NetworkProxy | undefined;
  let nodeRed: NodeRed | undefined;
  let disk: SmallDisk | undefined;
  const clients: MqttClient[] = [];
  before(function () {
    skipIfMissing.call(this, mosquittoMissing());
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await nodeRed?.stop({ keep: true });
    disk?.remove();
    if (nodeRed) rmSync(nodeRed.userDir, { recursive: true, force: true });
    await network?.close();
    await broker?.stop();
  });

  it(`loses no event, repeats no command and responds to all within ${seconds} s (seed ${seed})`, async () => {
    const mosquitto = (broker = await Mosquitto.start({ persistence: 'at the end', maxPacket }));
    const proxy = (network = await NetworkProxy.to(mosquitto.port));
    const url = `mqtt://127.0.0.1:${proxy.port}`;
    const userDir = createUserDirectory();
    mkdirSync(join(userDir, 'wechat'));
    const smallDisk = (disk = SmallDisk.create(diskMegabytes, join(userDir, 'wechat')));
    const nodes = [
      botNode('bot'),
      ...remoteNodes(clientId, 'bot', url, { protocolVersion: '4' }),
      // Its status shows when the bot is ready; messages before that are not received.
      { ...onEventDefaults, id: 'talk', type: 'wechat-on-event', bot: 'bot', events: ['login'], wires: [[]] },
    ];
    const red = (nodeRed = await startNodeRed({ userDir, flows: flow(...nodes) }));
    await whenConnected(red, nodes);
    const expectations = new Expectations();
    const sentLog = join(red.userDir, 'sent-by-the-bot');
    const random = seededRandom(seed);

    let lastEventAt: number;
    const subscriber = await connectPersistent(url, 'subscriber', `thing/chatbot/${clientId}/event/post`);
    subscriber.on('message', (_topic, payload) => {
      const { reqId, params } = JSON.parse(payload.toString()) as {
        reqId: string;
        params?: { text?: string };
      };
      expectations.onEvent(reqId, params?.text ?? '');
      lastEventAt = Date.now();
    });
    const commandClient = await connectPersistent(
      url,
      'command-client',
      `thing/chatbot/${clientId}/response/d2c/+`,
    );
    commandClient.on('message', (topic, payload) => {
      expectations.onResponse(topic.split('/').at(-1) ?? '', payload.toString());
    });
    clients.push(subscriber, commandClient);

    let runs = 0;
    /** Starts the traffic; every message of the bot is logged synchronously to a file, which survives a kill. */
    const startTraffic = async (): Promise<void> => {
      runs += 1;
      await red.status('talk', /^ready/);
      await red.simulation(
        'bot',
        (simulation, { run, file, rate }) => {
          const { openSync, writeSync } = process.getBuiltinModule('node:fs');
          const log = openSync(file, 'a');
          const record = ({ talkerId, text }: { talkerId: string; text: string }): void => {
            if (talkerId === simulation.self.id) writeSync(log, `${text}\n`);
          };
          // Commands queued at the broker were executed before this runs.
          simulation.messages().forEach(record);
          simulation.on('message', record);
          const friends = simulation.contacts().filter((contact) => contact.isFriend);
          const rooms = simulation.rooms().filter((room) => room.hasBot);
          const senders = [
            ...friends.map((friend) => (text: string) => void friend.say(text).to(simulation.self)),
            ...rooms.map((room) => {
              const member = friends.find(({ id }) => room.memberIds.includes(id));
              return (text: string) => void member?.say(text).in(room);
            }),
          ];
          const numbers = senders.map(() => 0);
          // By the monotonic clock: a jump of the other one must not change the rate.
          const startedAt = performance.now();
          let sent = 0;
          const timer = setInterval(() => {
            for (; sent < ((performance.now() - startedAt) * rate) / 1000; sent += 1) {
              const index = sent % senders.length;
              numbers[index] = (numbers[index] ?? 0) + 1;
              senders[index]?.(`${run}/${index}/${numbers[index]}`);
            }
          }, 10);
          (globalThis as { soak?: () => string[] }).soak = () => {
            clearInterval(timer);
            return numbers.map((number, index) => `${run}/${index}/${number}`);
          };
        },
        { run: runs, file: sentLog, rate: eventsPerSecond },
      );
    };
    await startTraffic();

    const recipients = ['Ming', 'Alice', 'Bob', '王芳', '李雷', '韩梅梅'];
    let commandCount = 0;
    const commandTimer = setInterval(() => {
      const reqId = randomUUID();
      const text = `command ${(commandCount += 1)}`;
      const params = { contacts: [recipients[commandCount % recipients.length]], messagePayload: text };
      const command = {
        reqId,
        method: 'command',
        version: '1.0',
        timestamp: Date.now(),
        name: 'contactSay',
        params,
      };
      expectations.onCommand(reqId, text);
      commandClient.publish(`thing/chatbot/${clientId}/command/invoke`, JSON.stringify(command), { qos: 1 });
    }, 1000 / commandsPerSecond);

    const killAndStart = async (pause: number, damage: () => void): Promise<void> => {
      await red.kill('SIGKILL');
      for (const text of await textsInOutbox(red.userDir)) expectations.onStored(text);
      damage();
      await delay(pause);
      await red.start();
      await startTraffic();
    };
    const faultKinds = {
      broker: async (pause: number) => {
        await mosquitto.kill('SIGTERM');
        await delay(pause);
        await mosquitto.start();
      },
      network: async (pause: number) => {
        proxy.cut();
        await delay(pause);
        proxy.restore();
      },
      nodeRed: (pause: number) => killAndStart(pause, () => undefined),
      damage: (pause: number) =>
        killAndStart(pause, () => {
          damageStore(red.userDir, random());
        }),
      clock: async (pause: number) => {
        await jumpClock(red, (random() * 2 - 1) * maxClockJumpMs);
        await delay(pause);
        await jumpClock(red, 0);
      },
      refused: () => publishRefusedEvent(red, clientId, maxPacket * 2),
      // Without a real disk of its own, the log of the test could not be written either.
      ...(smallDisk.isMounted
        ? {
            disk: async (pause: number) => {
              smallDisk.fill();
              await delay(pause);
              smallDisk.clear();
            },
          }
        : {}),
    };
    const kinds = Object.keys(faultKinds) as (keyof typeof faultKinds)[];
    const faults = Object.fromEntries(kinds.map((kind) => [kind, 0]));
    // In random order, each once before any is repeated, so that a short soak has them all.
    const remaining = [...kinds];
    const end = Date.now() + seconds * 1000;
    try {
      for (;;) {
        await delay(1_000 + random() * (isLong ? 4_000 : 2_000));
        if (Date.now() > end) break;
        const pause = random() * 2_000;
        const [fault = 'nodeRed'] = remaining.splice(Math.floor(random() * remaining.length), 1);
        if (remaining.length === 0) remaining.push(...kinds);
        faults[fault] = (faults[fault] ?? 0) + 1;
        await faultKinds[fault]?.(pause);
      }
    } catch (error) {
      const reports = red.logs.all.filter((line) => line.includes('[wechat-mqtt-remote'));
      throw new Error(`after ${JSON.stringify(faults)}:\n${reports.slice(-20).join('\n')}`, { cause: error });
    } finally {
      clearInterval(commandTimer);
    }

    const last = await red.evaluate(
      () => (globalThis as { soak?: () => string[] }).soak?.() ?? [],
      undefined,
    );
    for (const text of last) expectations.onStored(text);
    lastEventAt = Date.now();
    const isComplete = (): boolean =>
      last.every((text) => expectations.hasReceived(text)) && expectations.pending === 0;
    const drainUntil = Date.now() + drainTimeoutMs;
    while (!isComplete() && Date.now() < Math.min(lastEventAt + idleTimeoutMs, drainUntil)) await delay(100);
    if (!isComplete())
      console.log(
        red.logs.all
          .filter((line) => line.includes('[wechat-'))
          .slice(-20)
          .join('\n'),
      );

    const done = existsSync(sentLog) ? readFileSync(sentLog, 'utf8').split('\n').filter(Boolean) : [];
    const result = expectations.evaluate(done);
    console.log('      ', { seed, seconds, faults, ...result });
    const { lost, outOfOrder, duplicatesUnderAnotherReqId, executedTwice, unanswered } = result;
    const { answeredDifferently, falselyConfirmed: saidToHaveSentButDidNot } = result;
    assert.deepEqual(
      { lost, outOfOrder, duplicatesUnderAnotherReqId, executedTwice, unanswered },
      { lost: 0, outOfOrder: 0, duplicatesUnderAnotherReqId: 0, executedTwice: 0, unanswered: 0 },
    );
    assert.deepEqual(
      { answeredDifferently, saidToHaveSentButDidNot },
      { answeredDifferently: 0, saidToHaveSentButDidNot: 0 },
    );
    assert.ok(result.events > 0 && result.executed > 0);
    assert.ok(Math.min(...Object.values(faults)) > 0, 'every kind of fault occurred');
  });
});
