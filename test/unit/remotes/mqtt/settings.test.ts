import assert from 'node:assert/strict';
import { topicsOf } from '../../../../src/remotes/mqtt/codec/topics';
import { Setting } from './fixture';

describe('a bot on MQTT whose owner chose', () => {
  let setting: Setting;
  afterEach(() => setting.end());

  it('simple messages: ids only', async () => {
    setting = await Setting.start({ simple: true });
    const { world, peer } = setting;
    world.contact('Alice').say('plain').to(world.self);
    const { params } = await peer.event('message');
    const payload = params.payload as Record<string, unknown>;
    assert.deepEqual(payload, {
      id: params.id,
      talkerId: world.contact('Alice').id,
      listenerId: world.self.id,
      text: 'plain',
      timestamp: payload.timestamp,
      type: 7,
      mentionIdList: [],
    });
    assert.ok((payload.timestamp as number) < 1e11, 'in seconds');
  });

  it('some events only', async () => {
    setting = await Setting.start({ events: ['logout'] });
    const { world, peer } = setting;
    world.contact('Alice').say('not this').to(world.self);
    await world.phoneLogout();
    const { params } = await peer.event('logout');
    const [contact, reason] = params as unknown as [{ id: string }, string];
    assert.equal(contact.id, world.self.id);
    assert.equal(typeof reason, 'string');
    assert.ok(!peer.heard.some(({ envelope }) => envelope.name === 'message'));
  });

  it('commands that only read, and not even all of them', async () => {
    setting = await Setting.start({ permits: { allow: ['read-only'], deny: ['roomFindAll'] } });
    const { peer } = setting;
    assert.equal((await peer.ask('contactFindAll')).code, 200);
    for (const name of ['contactSay', 'roomFindAll', 'contacAliasSet']) {
      const { code, error } = await peer.ask(name, { contacts: ['Alice'], messagePayload: 'x' });
      assert.deepEqual([code, error?.code], [403, 'REFUSED'], name);
    }
  });

  it('topics of his own', async () => {
    setting = await Setting.start({
      topics: {
        event: 'my/{clientId}/events',
        request: 'my/{clientId}/do',
        response: 'my/{clientId}/done/{reqId}',
        property: 'my/state',
      },
    });
    const { client } = setting.peer;
    await client.subscribeAsync('my/#', { qos: 1 });
    await client.publishAsync(
      'my/shop/do',
      JSON.stringify({ reqId: '7', name: 'wechatyLogonoff', params: {} }),
    );
    assert.equal((await setting.peer.hear(({ topic }) => topic === 'my/shop/done/7')).envelope.code, 200);
    await setting.remote.publish('e', 1);
    await setting.peer.hear(({ topic }) => topic === 'my/shop/events');
    await setting.peer.hear(({ topic }) => topic === 'my/state');
  });
});

describe('the topics of a bot', () => {
  for (const clientId of ['#', '+', 'a/b', '', 'a\0b', 'x'.repeat(200)]) {
    it(`cannot be made of ${JSON.stringify(clientId).slice(0, 20)}`, () => {
      assert.throws(() => topicsOf(clientId), { code: 'INVALID_PARAMS' });
    });
  }

  it('cannot have wildcards', () => {
    for (const event of ['a/#', 'a/+/b', '$SYS/x']) {
      assert.throws(() => topicsOf('shop', { event }), { code: 'INVALID_PARAMS' });
    }
  });
});
