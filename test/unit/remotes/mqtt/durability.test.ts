import assert from 'node:assert/strict';
import { Peer, Setting } from './fixture';

describe('a bot on MQTT loses nothing and does nothing twice', () => {
  let setting: Setting;
  afterEach(() => setting.end());

  /** What Alice said, as far as it was published. */
  const heardTexts = ({ peer }: Setting): string[] => [
    ...new Set(
      peer.heard.flatMap(({ envelope: { name, params } }) =>
        name === 'message' ? [String(params.text)] : [],
      ),
    ),
  ];

  it('publishes, in order, what happened while the broker was away', async () => {
    setting = await Setting.start();
    const { broker, world, peer } = setting;
    await broker.away();
    await setting.when(() => !setting.remote.status.isConnected);
    assert.notEqual(setting.remote.status.reason, '');
    const texts = Array.from({ length: 50 }, (_, index) => `missed ${index}`);
    const last = setting.simulated.next(
      'message',
      (event) => (event.message as { text: string }).text === texts.at(-1),
    );
    for (const text of texts) world.contact('Alice').say(text).to(world.self);
    await last;
    assert.equal(setting.remote.status.waiting, 50);
    await broker.start();
    await peer.event('message', ({ params }) => params.text === texts.at(-1));
    assert.deepEqual(heardTexts(setting), texts);
  });

  it('publishes after a restart what it could not before', async () => {
    setting = await Setting.start();
    const { broker, world, peer, simulated } = setting;
    await broker.away();
    const heard = simulated.next('message');
    world.contact('Alice').say('kept').to(world.self);
    await heard;
    await setting.restart();
    assert.equal(setting.remote.status.waiting, 1);
    await broker.start();
    const event = await peer.event('message');
    assert.equal(event.params.text, 'kept');
  });

  it('drops the oldest events when the outbox is full, counts them and says so', async () => {
    setting = await Setting.start({ outboxMaxBytes: 100_000 });
    const { broker, peer, remote } = setting;
    await broker.away();
    // Before that, letters may be on their way; those are not dropped.
    await setting.when(() => !remote.status.isConnected);
    const filling = 'x'.repeat(1000);
    for (let index = 0; index < 300; index += 1) await remote.publish(`e${index}`, filling);
    assert.ok(remote.status.lost > 150, String(remote.status.lost));
    assert.equal(remote.status.waiting, 300 - remote.status.lost);
    await broker.start();
    await peer.event('e299');
    assert.ok(!peer.heard.some(({ envelope }) => envelope.name === 'e0'));
    const { envelope } = await peer.hear(({ envelope: { properties } }) => properties?.lost !== undefined);
    assert.equal(envelope.properties?.lost, remote.status.lost);
  });

  it('answers a repeat with the same answer, and does it once', async () => {
    setting = await Setting.start();
    const { peer, world } = setting;
    const reqId = await peer.command('contactSay', { contacts: ['Alice'], messagePayload: 'once' });
    const first = await peer.answer(reqId);
    await peer.command('contactSay', { contacts: ['Alice'], messagePayload: 'once' }, { reqId });
    const [, second] = await peer.hearAll(2, ({ topic }) => topic.endsWith(`/${reqId}`));
    assert.deepEqual(second?.envelope, first);
    await setting.restart();
    await peer.command('contactSay', { contacts: ['Alice'], messagePayload: 'once' }, { reqId });
    const [, , third] = await peer.hearAll(3, ({ topic }) => topic.endsWith(`/${reqId}`));
    assert.deepEqual(third?.envelope, first);
    assert.equal(world.messages({ conversation: 'Alice' }).filter(({ text }) => text === 'once').length, 1);
  });

  it('executes another command under a reqId that was used before', async () => {
    setting = await Setting.start();
    const { peer } = setting;
    const reqId = await peer.command('wechatyLogonoff');
    await peer.answer(reqId);
    await peer.command('contactFind', { name: 'Alice' }, { reqId });
    const { envelope } = await peer.hear(
      ({ topic, envelope: { name } }) => topic.endsWith(reqId) && name === 'contactFind',
    );
    assert.equal(envelope.code, 200);
  });

  it('answers once when the same comes twice at once', async () => {
    setting = await Setting.start({}, { simulator: { latency: 50 } });
    const { peer, world } = setting;
    const params = { contacts: ['Alice'], messagePayload: 'twice at once' };
    const reqId = await peer.command('contactSay', params);
    await peer.command('contactSay', params, { reqId });
    await peer.answer(reqId);
    await peer.ask('wechatyLogonoff');
    assert.equal(peer.answers(reqId).length, 1);
    assert.equal(
      world.messages({ conversation: 'Alice' }).filter(({ text }) => text === 'twice at once').length,
      1,
    );
  });

  it('executes what came while it was away, unless that is too old', async () => {
    setting = await Setting.start({ maxCommandAge: 60 });
    const { peer, remote } = setting;
    await remote.stop();
    const recent = await peer.command('wechatyLogonoff');
    const old = await peer.command('wechatyLogonoff', {}, { timestamp: Date.now() - 61_000 });
    await setting.restart();
    assert.equal((await peer.answer(recent)).code, 200);
    const { code, error } = await peer.answer(old);
    assert.deepEqual([code, error?.code], [410, 'EXPIRED']);
  });

  it('takes the constant time stamps of the document for none', async () => {
    setting = await Setting.start({ maxCommandAge: 60 });
    assert.equal((await setting.peer.ask('wechatyLogonoff', {}, { timestamp: 1_705_384_610_041 })).code, 200);
  });

  it('keeps the order within a conversation, and lets nobody wait for another', async () => {
    setting = await Setting.start({}, { simulator: { latency: 20 } });
    const { peer, world } = setting;
    const sends = Array.from({ length: 20 }, (_, index) => String(index));
    const reqIds: string[] = [];
    for (const messagePayload of sends) {
      reqIds.push(await peer.command('contactSay', { contacts: ['Alice'], messagePayload }));
    }
    const quick = await peer.command('wechatyLogonoff');
    await Promise.all([...reqIds, quick].map((reqId) => peer.answer(reqId)));
    const texts = world.messages({ conversation: 'Alice' }).map(({ text }) => text);
    assert.deepEqual(texts, sends);
    const order = peer.heard.map(({ envelope }) => envelope.reqId);
    assert.ok(order.indexOf(quick) < order.indexOf(reqIds.at(-1) ?? ''));
  });

  it('keeps that order whether a conversation is named, or meant by a message in it', async () => {
    setting = await Setting.start({}, { simulator: { latency: 20 } });
    const { peer, world } = setting;
    const alice = world.contact('Alice');
    const { id } = alice.say('hello?').to(world.self);
    await peer.hear(({ envelope }) => envelope.name === 'message');
    await peer.answer(await peer.command('contactSay', { contacts: ['Alice'], messagePayload: 'first' }));
    // A card takes longer: the puppet must be asked again whose it is.
    const bob = world.contact('Bob').id;
    const card = { messageType: 'Contact', messagePayload: bob };
    world.contact('Bob').changeName('Robert');
    const reqIds = [
      await peer.command('contactSay', { contacts: ['Alice'], ...card }),
      await peer.command('messageSay', { id, messagePayload: 'second' }),
      await peer.command('contactSay', { contacts: ['Alice'], messagePayload: 'third' }),
    ];
    await Promise.all(reqIds.map((reqId) => peer.answer(reqId)));
    const said = world.messages({ conversation: alice }).map(({ text }) => text);
    assert.deepEqual(said, ['hello?', 'first', bob, 'second', 'third']);
  });

  it('says goodbye, and its last will when it cannot', async () => {
    setting = await Setting.start();
    const { peer, remote, broker } = setting;
    await remote.stop();
    const offline = await peer.hear(({ envelope: { properties } }) => properties?.online === false);
    assert.equal(offline.envelope.properties?.state, 'offline');
    const late = await Peer.connect(broker.url, 'shop');
    const kept = await late.hear(({ topic }) => topic.endsWith('property/post'));
    assert.equal(kept.packet.retain, true);
    assert.equal(kept.envelope.properties?.online, false);
    await late.end();
  });

  it('stops twice, quickly, while the broker is away', async () => {
    setting = await Setting.start();
    await setting.broker.away();
    await Promise.all([setting.remote.stop(), setting.remote.stop()]);
    await assert.rejects(setting.remote.publish('too late', {}));
  });
});
