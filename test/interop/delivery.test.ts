/** Broker features: sessions, wills, message expiry, response topics and shared subscriptions. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { AsyncQueue } from '../support/async-queue';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import type { NodeRed } from '../support/node-red';
import { botNode, remoteNodes, whenConnected, startWithRemotes } from './mqtt-fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { MqttTestClient, textOf, type WireMessage } from './mqtt-peer';

describe('MqttRemote with broker features', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let broker: Mosquitto;
  let nodeRed: NodeRed;

  const nodes = () => [
    botNode('shop'),
    ...remoteNodes('shop', 'shop', broker.url).map((node) => ({ ...node, id: `remote-${node.id}` })),
    botNode('bank'),
    ...remoteNodes('bank', 'bank', broker.url).map((node) => ({ ...node, id: `remote-${node.id}` })),
  ];

  before(async function () {
    skipIfMissing.call(this, mosquittoMissing());
    broker = await Mosquitto.start();
    started.push(broker);
    nodeRed = await startWithRemotes(...nodes());
    started.push(nodeRed);
  });
  after(() => stopAll(started));

  const online = ({ text }: { text: string }): boolean =>
    (JSON.parse(text) as { properties: { online: boolean } }).properties.online;
  const sent = (text: string): Promise<number> =>
    nodeRed.simulation(
      'shop',
      (simulation, sought) => simulation.messages().filter((one) => one.text === sought).length,
      text,
    );

  it('publishes retained properties, and a will when it is killed', async () => {
    const client = await MqttTestClient.connect(broker.url, 'shop');
    const isProperty = ({ topic }: { topic: string }): boolean => topic === client.topic('property/post');
    const birth = await client.received.next((one) => isProperty(one) && online(one));
    assert.equal(birth.packet.retain, true);
    const { properties } = JSON.parse(birth.text) as { properties: Record<string, unknown> };
    assert.deepEqual([properties.online, properties.state], [true, 'ready']);
    assert.equal((properties.user as { id: string }).id, 'wxid_bot');
    assert.match(String(properties.version), /^\d+\.\d+\.\d+/);
    await nodeRed.kill('SIGKILL');
    await client.received.next((one) => isProperty(one) && !online(one));
    const later = await MqttTestClient.connect(broker.url, 'shop');
    const will = await later.received.next(isProperty);
    assert.deepEqual([online(will), will.packet.retain], [false, true]);
    await nodeRed.start();
    await whenConnected(nodeRed, nodes());
    await client.received.next((one) => isProperty(one) && online(one));
    await Promise.all([client.end(), later.end()]);
  });

  it('executes commands queued while it was away, but not expired ones', async () => {
    const client = await MqttTestClient.connect(broker.url, 'shop');
    const say = (text: string) => ['contactSay', { contacts: ['Alice'], messagePayload: text }] as const;
    await nodeRed.kill('SIGKILL');
    await client.sendCommand(...say('too late'), { properties: { messageExpiryInterval: 1 } });
    const inTime = await client.sendCommand(...say('in time'), {
      properties: { messageExpiryInterval: 3600 },
    });
    const unlimited = await client.sendCommand(...say('unlimited'));
    // Expiry cannot be observed, and the broker counts in seconds.
    await delay(2_000);
    await nodeRed.start();
    await whenConnected(nodeRed, nodes());
    assert.equal((await client.responseTo(inTime)).code, 200);
    assert.equal((await client.responseTo(unlimited)).code, 200);
    assert.deepEqual(await Promise.all(['too late', 'in time', 'unlimited'].map(sent)), [0, 1, 1]);
    await client.end();
  });

  it('delivers events to a subscriber that was away', async () => {
    const session = { clientId: 'sleeper', clean: false, properties: { sessionExpiryInterval: 3600 } };
    const before = await MqttTestClient.connect(broker.url, 'shop', session);
    await before.end();
    await nodeRed.simulation('shop', (simulation) => {
      for (let at = 0; at < 50; at += 1) simulation.contact('Ming').say(`waiting ${at}`).to(simulation.self);
    });
    const witness = await MqttTestClient.connect(broker.url, 'shop');
    await nodeRed.simulation(
      'shop',
      (simulation) => void simulation.contact('Ming').say('the last').to(simulation.self),
    );
    await witness.event('message', (event) => textOf(event) === 'the last');
    await witness.end();
    await broker.kill('SIGTERM');
    await broker.start();
    const after = await MqttTestClient.connect(broker.url, 'shop', session);
    await after.event('message', (event) => textOf(event) === 'the last');
    const texts = after.received.all
      .filter(({ topic }) => topic === after.topic('event/post'))
      .map(({ text }) => textOf(JSON.parse(text) as WireMessage))
      .filter((text) => text.startsWith('waiting'));
    assert.deepEqual(
      texts,
      Array.from({ length: 50 }, (_, at) => `waiting ${at}`),
    );
    await after.end();
    await whenConnected(nodeRed, nodes());
  });

  it('publishes the response to the MQTT 5 response topic', async () => {
    const client = await MqttTestClient.connect(broker.url, 'shop', {
      topics: ['my/responses', 'thing/chatbot/shop/response/d2c/+'],
    });
    const correlationData = Buffer.from([0, 255, 7]);
    const reqId = await client.sendCommand(
      'wechatyLogonoff',
      {},
      { properties: { responseTopic: 'my/responses', correlationData } },
    );
    const mine = await client.received.next(({ topic }) => topic === 'my/responses');
    assert.deepEqual((JSON.parse(mine.text) as WireMessage).params, { logonoff: true });
    assert.deepEqual(Buffer.from(mine.packet.properties?.correlationData ?? ''), correlationData);
    assert.equal(mine.packet.properties?.contentType, 'application/json');
    assert.equal((await client.responseTo(reqId)).code, 200, 'also on the default topic');
    await client.end();
  });

  it('distributes events to shared subscriptions, each event once', async () => {
    const shared = { topics: ['$share/workers/thing/chatbot/+/event/post'] };
    const workers = await Promise.all([1, 2, 3].map(() => MqttTestClient.connect(broker.url, '+', shared)));
    const handled = new AsyncQueue<{ worker: MqttTestClient; text: string }>('event handled by a worker');
    for (const worker of workers) {
      worker.client.on('message', (_topic, payload) => {
        const text = textOf(JSON.parse(payload.toString()) as WireMessage);
        if (/^(shop|bank) \d+$/.test(text)) handled.add({ worker, text });
      });
    }
    const count = 150;
    for (const bot of ['shop', 'bank']) {
      await nodeRed.simulation(
        bot,
        (simulation, { name, many }) => {
          for (let at = 0; at < many; at += 1)
            simulation.contact('Bob').say(`${name} ${at}`).to(simulation.self);
        },
        { name: bot, many: count },
      );
    }
    const expected = ['shop', 'bank'].flatMap((bot) =>
      Array.from({ length: count }, (_, at) => `${bot} ${at}`),
    );
    const received = await handled.take(expected.length);
    assert.deepEqual(received.map(({ text }) => text).sort(), expected.sort());
    assert.equal(new Set(received.map(({ worker }) => worker)).size, 3, 'every worker has received events');
    await Promise.all(workers.map((one) => one.end()));
  });
});
