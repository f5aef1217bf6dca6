import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { type Envelope, MqttTestClient, MqttFixture } from './fixture';

describe('MqttRemote durability', () => {
  let fixture: MqttFixture;
  afterEach(() => fixture.end());

  it('publishes events that happened while disconnected, in order', async () => {
    fixture = await MqttFixture.start();
    const { broker, simulation } = fixture;
    // At the broker: aedes mixes what it has kept for a client with what arrives while that client comes back.
    const published = new Set<unknown>();
    broker.onPublished = (payload) => {
      const { name, params } = JSON.parse(payload) as Partial<Envelope>;
      if (name === 'message') published.add(params?.text);
    };
    await broker.disconnect();
    await fixture.when(() => !fixture.remote.status.isConnected);
    assert.notEqual(fixture.remote.status.reason, '');
    const texts = Array.from({ length: 50 }, (_, index) => `missed ${index}`);
    const last = fixture.simulated.nextEvent(
      'message',
      (event) => (event.message as { text: string }).text === texts.at(-1),
    );
    for (const text of texts) simulation.contact('Alice').say(text).to(simulation.self);
    await last;
    assert.equal(fixture.remote.status.pending, 50);
    await broker.start();
    while (!published.has(texts.at(-1))) await setImmediate();
    assert.deepEqual([...published], texts);
  });

  it('publishes queued events after a restart', async () => {
    fixture = await MqttFixture.start();
    const { broker, simulation, client, simulated } = fixture;
    await broker.disconnect();
    const event = simulated.nextEvent('message');
    simulation.contact('Alice').say('kept').to(simulation.self);
    await event;
    await fixture.restart();
    assert.equal(fixture.remote.status.pending, 1);
    await broker.start();
    assert.equal((await client.event('message')).params.text, 'kept');
  });

  it('drops the oldest events when the outbox is full, and publishes their number', async () => {
    fixture = await MqttFixture.start({ outboxMaxBytes: 100_000 });
    const { broker, client, remote } = fixture;
    await broker.disconnect();
    // Before that, events may have been published already; those are not dropped.
    await fixture.when(() => !remote.status.isConnected);
    const filling = 'x'.repeat(1000);
    for (let index = 0; index < 300; index += 1) await remote.publish(`e${index}`, filling);
    assert.ok(remote.status.dropped > 150, String(remote.status.dropped));
    assert.equal(remote.status.pending, 300 - remote.status.dropped);
    await broker.start();
    await client.event('e299');
    assert.ok(!client.received.some(({ envelope }) => envelope.name === 'e0'));
    const { envelope } = await client.next(({ envelope: { properties } }) => properties?.lost !== undefined);
    assert.equal(envelope.properties?.lost, remote.status.dropped);
  });

  it('answers a repeated command with the same response and executes it once', async () => {
    fixture = await MqttFixture.start();
    const { client, simulation } = fixture;
    const timestamp = Date.now();
    const say = (changes: object) =>
      client.sendCommand(
        'contactSay',
        { contacts: ['Alice'], messagePayload: 'once' },
        { timestamp, ...changes },
      );
    const reqId = await say({});
    const first = await client.responseTo(reqId);
    await say({ reqId });
    const [, second] = await client.nextAll(2, ({ topic }) => topic.endsWith(`/${reqId}`));
    assert.deepEqual(second?.envelope, first);
    await fixture.restart();
    await say({ reqId });
    const [, , third] = await client.nextAll(3, ({ topic }) => topic.endsWith(`/${reqId}`));
    assert.deepEqual(third?.envelope, first);
    assert.equal(
      simulation.messages({ conversation: 'Alice' }).filter(({ text }) => text === 'once').length,
      1,
    );
  });

  for (const [what, first, second] of [
    ['another time', 1_705_384_610_041, 1_705_384_610_042],
    ['a time after none', undefined, 1_705_384_610_041],
    ['another time as text', '2024-01-16 13:56:50', '2024-01-16 13:57:50'],
    ['a text in place of a number', 1_705_384_610_041, '1705384610041'],
  ] as const) {
    it(`executes a command again that has one reqId and ${what}, also after a restart`, async () => {
      fixture = await MqttFixture.start();
      const { client, simulation } = fixture;
      const params = { contacts: ['Alice'], messagePayload: 'take your pills' };
      const countAfter = async (timestamp: unknown): Promise<number> => {
        const before = client.responsesTo('alarm').length;
        await client.sendCommand('contactSay', params, { reqId: 'alarm', timestamp });
        await client.nextAll(before + 1, ({ topic }) => topic.endsWith('/d2c/alarm'));
        return simulation.messages({ conversation: 'Alice' }).length;
      };
      assert.deepEqual([await countAfter(first), await countAfter(first)], [1, 1]);
      assert.deepEqual([await countAfter(second), await countAfter(second)], [2, 2]);
      await fixture.restart();
      assert.deepEqual([await countAfter(first), await countAfter(second)], [2, 2]);
    });
  }

  it('executes another command with a reqId that was used before', async () => {
    fixture = await MqttFixture.start();
    const { client } = fixture;
    const reqId = await client.sendCommand('wechatyLogonoff');
    await client.responseTo(reqId);
    await client.sendCommand('contactFind', { name: 'Alice' }, { reqId });
    const { envelope } = await client.next(
      ({ topic, envelope: { name } }) => topic.endsWith(reqId) && name === 'contactFind',
    );
    assert.equal(envelope.code, 200);
  });

  it('answers once when a command is received twice at the same time', async () => {
    fixture = await MqttFixture.start({}, { simulator: { latency: 50 } });
    const { client, simulation } = fixture;
    const params = { contacts: ['Alice'], messagePayload: 'twice at once' };
    const timestamp = Date.now();
    const reqId = await client.sendCommand('contactSay', params, { timestamp });
    await client.sendCommand('contactSay', params, { reqId, timestamp });
    await client.responseTo(reqId);
    await client.call('wechatyLogonoff');
    assert.equal(client.responsesTo(reqId).length, 1);
    assert.equal(
      simulation.messages({ conversation: 'Alice' }).filter(({ text }) => text === 'twice at once').length,
      1,
    );
  });

  it('executes commands queued by the broker, but rejects old ones', async () => {
    fixture = await MqttFixture.start({ maxCommandAge: 60 });
    const { client, remote } = fixture;
    await remote.stop();
    const recent = await client.sendCommand('wechatyLogonoff');
    const old = await client.sendCommand('wechatyLogonoff', {}, { timestamp: Date.now() - 61_000 });
    await fixture.restart();
    assert.equal((await client.responseTo(recent)).code, 200);
    const { code, error } = await client.responseTo(old);
    assert.deepEqual([code, error?.code], [410, 'EXPIRED']);
  });

  it('ignores the constant timestamps of the documentation', async () => {
    fixture = await MqttFixture.start({ maxCommandAge: 60 });
    assert.equal(
      (await fixture.client.call('wechatyLogonoff', {}, { timestamp: 1_705_384_610_041 })).code,
      200,
    );
  });

  it('keeps the order within a conversation without blocking other commands', async () => {
    fixture = await MqttFixture.start({}, { simulator: { latency: 20 } });
    const { client, simulation } = fixture;
    const sends = Array.from({ length: 20 }, (_, index) => String(index));
    const reqIds: string[] = [];
    for (const messagePayload of sends) {
      reqIds.push(await client.sendCommand('contactSay', { contacts: ['Alice'], messagePayload }));
    }
    const quick = await client.sendCommand('wechatyLogonoff');
    await Promise.all([...reqIds, quick].map((reqId) => client.responseTo(reqId)));
    const texts = simulation.messages({ conversation: 'Alice' }).map(({ text }) => text);
    assert.deepEqual(texts, sends);
    const order = client.received.map(({ envelope }) => envelope.reqId);
    assert.ok(order.indexOf(quick) < order.indexOf(reqIds.at(-1) ?? ''));
  });

  it('keeps the order of replies and named recipients of one conversation', async () => {
    fixture = await MqttFixture.start({}, { simulator: { latency: 20 } });
    const { client, simulation } = fixture;
    const alice = simulation.contact('Alice');
    const { id } = alice.say('hello?').to(simulation.self);
    await client.next(({ envelope }) => envelope.name === 'message');
    await client.responseTo(
      await client.sendCommand('contactSay', { contacts: ['Alice'], messagePayload: 'first' }),
    );
    // Sending a card takes longer, because the puppet must load the contact again.
    const bob = simulation.contact('Bob').id;
    const card = { messageType: 'Contact', messagePayload: bob };
    simulation.contact('Bob').changeName('Robert');
    const reqIds = [
      await client.sendCommand('contactSay', { contacts: ['Alice'], ...card }),
      await client.sendCommand('messageSay', { id, messagePayload: 'second' }),
      await client.sendCommand('contactSay', { contacts: ['Alice'], messagePayload: 'third' }),
    ];
    await Promise.all(reqIds.map((reqId) => client.responseTo(reqId)));
    const texts = simulation.messages({ conversation: alice }).map(({ text }) => text);
    assert.deepEqual(texts, ['hello?', 'first', bob, 'second', 'third']);
  });

  it('publishes that it is offline when it stops', async () => {
    fixture = await MqttFixture.start();
    const { client, remote, broker } = fixture;
    await remote.stop();
    const offline = await client.next(({ envelope: { properties } }) => properties?.online === false);
    assert.equal(offline.envelope.properties?.state, 'offline');
    const lateClient = await MqttTestClient.connect(broker.url, 'shop');
    const retained = await lateClient.next(({ topic }) => topic.endsWith('property/post'));
    assert.equal(retained.packet.retain, true);
    assert.equal(retained.envelope.properties?.online, false);
    await lateClient.end();
  });

  it('stops quickly, and twice, while disconnected', async () => {
    fixture = await MqttFixture.start();
    await fixture.broker.disconnect();
    await Promise.all([fixture.remote.stop(), fixture.remote.stop()]);
    await assert.rejects(fixture.remote.publish('too late', {}));
  });
});
