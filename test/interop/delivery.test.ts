/** What brokers do for both sides: sessions, wills, expiry, response topics and shared subscriptions. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Inbox } from '../support/async-queue';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import type { NodeRed } from '../support/node-red';
import { aBot, aRemote, connected, startMirror } from './mqtt-fixture';
import { needs, type Stoppable, stopAll } from './required-tools';
import { Peer, textOf, type Told } from './mqtt-peer';

describe('what a broker does for a mirror', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let broker: Mosquitto;
  let nodeRed: NodeRed;

  const nodes = () => [
    aBot('shop'),
    ...aRemote('shop', 'shop', broker.url).map((node) => ({ ...node, id: `remote-${node.id}` })),
    aBot('bank'),
    ...aRemote('bank', 'bank', broker.url).map((node) => ({ ...node, id: `remote-${node.id}` })),
  ];

  before(async function () {
    needs.call(this, mosquittoMissing());
    broker = await Mosquitto.start();
    started.push(broker);
    nodeRed = await startMirror(...nodes());
    started.push(nodeRed);
  });
  after(() => stopAll(started));

  const online = ({ text }: { text: string }): boolean =>
    (JSON.parse(text) as { properties: { online: boolean } }).properties.online;
  const sent = (text: string): Promise<number> =>
    nodeRed.world(
      'shop',
      (world, sought) => world.messages().filter((one) => one.text === sought).length,
      text,
    );

  it('tells whoever comes later that a bot is online, and everybody when it is killed', async () => {
    const peer = await Peer.connect(broker.url, 'shop');
    const isProperty = ({ topic }: { topic: string }): boolean => topic === peer.topic('property/post');
    const birth = await peer.heard.next((one) => isProperty(one) && online(one));
    assert.equal(birth.packet.retain, true);
    const { properties } = JSON.parse(birth.text) as { properties: Record<string, unknown> };
    assert.deepEqual([properties.online, properties.state], [true, 'ready']);
    assert.equal((properties.user as { id: string }).id, 'wxid_bot');
    assert.match(String(properties.version), /^\d+\.\d+\.\d+/);
    await nodeRed.kill('SIGKILL');
    await peer.heard.next((one) => isProperty(one) && !online(one));
    const later = await Peer.connect(broker.url, 'shop');
    const will = await later.heard.next(isProperty);
    assert.deepEqual([online(will), will.packet.retain], [false, true]);
    await nodeRed.start();
    await connected(nodeRed, nodes());
    await peer.heard.next((one) => isProperty(one) && online(one));
    await Promise.all([peer.end(), later.end()]);
  });

  it('keeps commands for a mirror that is away, and forgets those that have expired', async () => {
    const peer = await Peer.connect(broker.url, 'shop');
    const say = (text: string) => ['contactSay', { contacts: ['Alice'], messagePayload: text }] as const;
    await nodeRed.kill('SIGKILL');
    await peer.ask(...say('too late'), { properties: { messageExpiryInterval: 1 } });
    const inTime = await peer.ask(...say('in time'), { properties: { messageExpiryInterval: 3600 } });
    const patient = await peer.ask(...say('patient'));
    // Nothing tells when a message has expired, and the broker counts in seconds.
    await delay(2_000);
    await nodeRed.start();
    await connected(nodeRed, nodes());
    assert.equal((await peer.answerTo(inTime)).code, 200);
    assert.equal((await peer.answerTo(patient)).code, 200);
    assert.deepEqual(await Promise.all(['too late', 'in time', 'patient'].map(sent)), [0, 1, 1]);
    await peer.end();
  });

  it('has events wait for a subscriber that is away, and a killed mirror lose none it had', async () => {
    const session = { clientId: 'sleeper', clean: false, properties: { sessionExpiryInterval: 3600 } };
    const before = await Peer.connect(broker.url, 'shop', session);
    await before.end();
    await nodeRed.world('shop', (world) => {
      for (let at = 0; at < 50; at += 1) world.contact('Ming').say(`waiting ${at}`).to(world.self);
    });
    const witness = await Peer.connect(broker.url, 'shop');
    await nodeRed.world('shop', (world) => void world.contact('Ming').say('the last').to(world.self));
    await witness.event('message', (event) => textOf(event) === 'the last');
    await witness.end();
    await broker.kill('SIGTERM');
    await broker.start();
    const after = await Peer.connect(broker.url, 'shop', session);
    await after.event('message', (event) => textOf(event) === 'the last');
    const texts = after.heard.all
      .filter(({ topic }) => topic === after.topic('event/post'))
      .map(({ text }) => textOf(JSON.parse(text) as Told))
      .filter((text) => text.startsWith('waiting'));
    assert.deepEqual(
      texts,
      Array.from({ length: 50 }, (_, at) => `waiting ${at}`),
    );
    await after.end();
    await connected(nodeRed, nodes());
  });

  it('brings the answer to the topic that a request of MQTT 5 names', async () => {
    const peer = await Peer.connect(broker.url, 'shop', {
      topics: ['my/answers', 'thing/chatbot/shop/response/d2c/+'],
    });
    const correlationData = Buffer.from([0, 255, 7]);
    const reqId = await peer.ask(
      'wechatyLogonoff',
      {},
      { properties: { responseTopic: 'my/answers', correlationData } },
    );
    const mine = await peer.heard.next(({ topic }) => topic === 'my/answers');
    assert.deepEqual((JSON.parse(mine.text) as Told).params, { logonoff: true });
    assert.deepEqual(Buffer.from(mine.packet.properties?.correlationData ?? ''), correlationData);
    assert.equal(mine.packet.properties?.contentType, 'application/json');
    assert.equal((await peer.answerTo(reqId)).code, 200, 'also where everybody looks');
    await peer.end();
  });

  it('shares the events of all bots among workers, each event once', async () => {
    const shared = { topics: ['$share/workers/thing/chatbot/+/event/post'] };
    const workers = await Promise.all([1, 2, 3].map(() => Peer.connect(broker.url, '+', shared)));
    const handled = new Inbox<{ worker: Peer; text: string }>('event handled by a worker');
    for (const worker of workers) {
      worker.client.on('message', (_topic, payload) => {
        const text = textOf(JSON.parse(payload.toString()) as Told);
        if (/^(shop|bank) \d+$/.test(text)) handled.add({ worker, text });
      });
    }
    const count = 150;
    for (const bot of ['shop', 'bank']) {
      await nodeRed.world(
        bot,
        (world, { name, many }) => {
          for (let at = 0; at < many; at += 1) world.contact('Bob').say(`${name} ${at}`).to(world.self);
        },
        { name: bot, many: count },
      );
    }
    const expected = ['shop', 'bank'].flatMap((bot) =>
      Array.from({ length: count }, (_, at) => `${bot} ${at}`),
    );
    const told = await handled.take(expected.length);
    assert.deepEqual(told.map(({ text }) => text).sort(), expected.sort());
    assert.equal(new Set(told.map(({ worker }) => worker)).size, 3, 'everybody had something to do');
    await Promise.all(workers.map((one) => one.end()));
  });
});
