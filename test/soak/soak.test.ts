/**
 * The soak: a real Mosquitto and a real Node-RED with one bot and its mirror, under 200 events and 20 commands a
 * second. At moments that a seed decides Node-RED is killed without warning, the network is cut, or the broker is
 * restarted. The broker is asked to end: one that is killed forgets what it has acknowledged and not saved yet, and no
 * client can know. SOAK_SECONDS says for how long (30, or 600 as `npm run soak`), SOAK_SEED how. What the counts mean
 * is told in ledger.ts.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { defaults as onEventDefaults } from '../../src/nodes/on-event/properties';
import { Outbox } from '../../src/remotes/storage/outbox';
import { Store } from '../../src/remotes/storage/key-value-store';
import { aBot, aRemote, startMirror } from '../interop/mqtt-fixture';
import { needs } from '../interop/required-tools';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import { Network } from '../support/network';
import type { NodeRed } from '../support/node-red';
import { Ledger } from './expectations';

const isLong = process.env.npm_lifecycle_event === 'soak';
const seconds = Number(process.env.SOAK_SECONDS ?? (isLong ? 600 : 30));
const seed = Number(process.env.SOAK_SEED ?? 1);
const eventsPerSecond = 200;
const commandsPerSecond = 20;

/** Silence after which nothing more is waited for at the end, in ms. */
const patience = 30_000;

const clientId = 'soak';

/** Numbers from 0 to 1 that are the same for the same seed. */
function chance(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A client whose session outlives every kill. */
async function client(url: string, name: string, topic: string): Promise<MqttClient> {
  const session = { clientId: name, clean: false, properties: { sessionExpiryInterval: 3600 } };
  const options = { protocolVersion: 5, reconnectPeriod: 200, connectTimeout: 5_000, ...session } as const;
  const made = await connectAsync(url, options);
  made.on('error', () => undefined);
  await made.subscribeAsync(topic, { qos: 1 });
  return made;
}

/** The texts that wait in the outbox of a killed Node-RED, read from a copy. */
async function textsInOutbox(userDir: string): Promise<string[]> {
  const databases = readdirSync(userDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/CURRENT') && !path.startsWith('node_modules'))
    .map((path) => dirname(join(userDir, path)));
  const [directory, ...others] = databases;
  assert.ok(directory && others.length === 0, `one database, not ${databases.join()}`);
  const copy = mkdtempSync(join(tmpdir(), 'outbox-'));
  cpSync(directory, copy, { recursive: true });
  rmSync(join(copy, 'LOCK'), { force: true });
  const store = await Store.open(copy, () => undefined);
  const nothing = (): void => undefined;
  const options = { store, maxBytes: Infinity, durable: true, onLoss: nothing, onUnwritable: nothing };
  const outbox = new Outbox(options);
  await outbox.open();
  const texts: string[] = [];
  for (let parcel = outbox.take(); parcel; parcel = outbox.take()) {
    const { params } = JSON.parse(parcel.letter.body) as { params?: { text?: string } };
    if (params?.text !== undefined) texts.push(params.text);
  }
  await store.close();
  rmSync(copy, { recursive: true });
  return texts;
}

describe('the soak', function () {
  this.timeout((seconds * 2 + 120) * 1000);
  let broker: Mosquitto | undefined;
  let network: Network | undefined;
  let nodeRed: NodeRed | undefined;
  const clients: MqttClient[] = [];
  before(function () {
    needs.call(this, mosquittoMissing());
  });
  after(async () => {
    await Promise.all(clients.map((one) => one.endAsync(true)));
    await nodeRed?.stop();
    await network?.close();
    await broker?.stop();
  });

  it(`of ${seconds} s (seed ${seed}) loses nothing, repeats nothing and answers everything`, async () => {
    const mosquitto = (broker = await Mosquitto.start({ keeps: 'at the end' }));
    const way = (network = await Network.to(mosquitto.port));
    const url = `mqtt://127.0.0.1:${way.port}`;
    const red = (nodeRed = await startMirror(
      aBot('bot'),
      ...aRemote(clientId, 'bot', url),
      // Shows when the bot is ready: what is said before that, nobody hears.
      { ...onEventDefaults, id: 'talk', type: 'wechat-on-event', bot: 'bot', events: ['login'], wires: [[]] },
    ));
    const ledger = new Ledger();
    const trace = join(red.userDir, 'said-by-the-bot');
    const random = chance(seed);

    let lastNews: number;
    const subscriber = await client(url, 'subscriber', `thing/chatbot/${clientId}/event/post`);
    subscriber.on('message', (_topic, payload) => {
      const { reqId, params } = JSON.parse(payload.toString()) as {
        reqId: string;
        params?: { text?: string };
      };
      ledger.heard(reqId, params?.text ?? '');
      lastNews = Date.now();
    });
    const commander = await client(url, 'commander', `thing/chatbot/${clientId}/response/d2c/+`);
    commander.on('message', (topic, payload) => {
      ledger.answered(topic.split('/').at(-1) ?? '', payload.toString());
    });
    clients.push(subscriber, commander);

    let life = 0;
    /** Everybody talks, and what the bot says is written down at once: in a file, which outlives the process. */
    const talk = async (): Promise<void> => {
      life += 1;
      await red.status('talk', /^ready/);
      await red.world(
        'bot',
        (world, { life, file, rate }) => {
          const { openSync, writeSync } = process.getBuiltinModule('node:fs');
          const written = openSync(file, 'a');
          const note = ({ talkerId, text }: { talkerId: string; text: string }): void => {
            if (talkerId === world.self.id) writeSync(written, `${text}\n`);
          };
          // Commands that waited were carried out before this runs.
          world.messages().forEach(note);
          world.on('message', note);
          const friends = world.contacts().filter((person) => person.isFriend);
          const rooms = world.rooms().filter((room) => room.hasBot);
          const speak = [
            ...friends.map((person) => (text: string) => void person.say(text).to(world.self)),
            ...rooms.map((room) => {
              const member = friends.find(({ id }) => room.memberIds.includes(id));
              return (text: string) => void member?.say(text).in(room);
            }),
          ];
          const numbers = speak.map(() => 0);
          const began = Date.now();
          let said = 0;
          const timer = setInterval(() => {
            for (; said < ((Date.now() - began) * rate) / 1000; said += 1) {
              const at = said % speak.length;
              numbers[at] = (numbers[at] ?? 0) + 1;
              speak[at]?.(`${life}/${at}/${numbers[at]}`);
            }
          }, 10);
          (globalThis as { soak?: () => string[] }).soak = () => {
            clearInterval(timer);
            return numbers.map((number, at) => `${life}/${at}/${number}`);
          };
        },
        { life, file: trace, rate: eventsPerSecond },
      );
    };
    await talk();

    const recipients = ['Ming', 'Alice', 'Bob', '王芳', '李雷', '韩梅梅'];
    let asked = 0;
    const asking = setInterval(() => {
      const reqId = randomUUID();
      const text = `command ${(asked += 1)}`;
      const params = { contacts: [recipients[asked % recipients.length]], messagePayload: text };
      const command = {
        reqId,
        method: 'command',
        version: '1.0',
        timestamp: Date.now(),
        name: 'contactSay',
        params,
      };
      ledger.asked(reqId, text);
      commander.publish(`thing/chatbot/${clientId}/command/invoke`, JSON.stringify(command), { qos: 1 });
    }, 1000 / commandsPerSecond);

    const faults = { broker: 0, network: 0, nodeRed: 0 };
    // Each once, in an order by chance, before any comes again: also a short run has them all.
    const kinds = ['broker', 'network', 'nodeRed'] as const;
    const next: (typeof kinds)[number][] = [...kinds];
    const end = Date.now() + seconds * 1000;
    try {
      for (;;) {
        await delay(1_000 + random() * 4_000);
        if (Date.now() > end) break;
        const pause = random() * 2_000;
        const [fault = 'nodeRed'] = next.splice(Math.floor(random() * next.length), 1);
        if (next.length === 0) next.push(...kinds);
        faults[fault] += 1;
        if (fault === 'broker') {
          await mosquitto.kill('SIGTERM');
          await delay(pause);
          await mosquitto.start();
        } else if (fault === 'network') {
          way.cut();
          await delay(pause);
          way.mend();
        } else {
          await red.kill('SIGKILL');
          for (const text of await textsInOutbox(red.userDir)) ledger.promised(text);
          await delay(pause);
          await red.start();
          await talk();
        }
      }
    } finally {
      clearInterval(asking);
    }

    const last = await red.inside(() => (globalThis as { soak?: () => string[] }).soak?.() ?? [], undefined);
    for (const text of last) ledger.promised(text);
    lastNews = Date.now();
    const isComplete = (): boolean => last.every((text) => ledger.hasHeard(text)) && ledger.open === 0;
    while (!isComplete() && Date.now() < lastNews + patience) await delay(100);

    const done = existsSync(trace) ? readFileSync(trace, 'utf8').split('\n').filter(Boolean) : [];
    const balance = ledger.balance(done);
    console.log('      ', { seed, seconds, faults, ...balance });
    const { lost, outOfOrder, duplicatesUnderAnotherReqId, executedTwice, unanswered } = balance;
    const { answeredDifferently, saidToHaveSentButDidNot } = balance;
    assert.deepEqual(
      { lost, outOfOrder, duplicatesUnderAnotherReqId, executedTwice, unanswered },
      { lost: 0, outOfOrder: 0, duplicatesUnderAnotherReqId: 0, executedTwice: 0, unanswered: 0 },
    );
    assert.deepEqual(
      { answeredDifferently, saidToHaveSentButDidNot },
      { answeredDifferently: 0, saidToHaveSentButDidNot: 0 },
    );
    assert.ok(balance.events > 0 && balance.executed > 0);
    assert.ok(Math.min(...Object.values(faults)) > 0, 'all was disturbed');
  });
});
