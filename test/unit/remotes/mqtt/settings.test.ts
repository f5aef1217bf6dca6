import assert from 'node:assert/strict';
import { createTopics } from '../../../../src/remotes/mqtt/codec/topics';
import { MqttFixture } from './fixture';

describe('MqttRemote settings', () => {
  let fixture: MqttFixture;
  afterEach(() => fixture.end());

  it('simple: publishes ids instead of contacts and rooms', async () => {
    fixture = await MqttFixture.start({ simple: true });
    const { simulation, client } = fixture;
    simulation.contact('Alice').say('plain').to(simulation.self);
    const { params } = await client.event('message');
    const payload = params.payload as Record<string, unknown>;
    assert.deepEqual(payload, {
      id: params.id,
      talkerId: simulation.contact('Alice').id,
      listenerId: simulation.self.id,
      text: 'plain',
      textWithoutMentions: 'plain',
      timestamp: payload.timestamp,
      type: 7,
      mentionIdList: [],
      mentionsSelf: false,
      mentionsAll: false,
    });
    assert.ok((payload.timestamp as number) < 1e11, 'in seconds');
  });

  it('events: publishes the selected events only', async () => {
    fixture = await MqttFixture.start({ events: ['logout'] });
    const { simulation, client } = fixture;
    simulation.contact('Alice').say('not this').to(simulation.self);
    await simulation.phoneLogout();
    const { params } = await client.event('logout');
    const [contact, reason] = params as unknown as [{ id: string }, string];
    assert.equal(contact.id, simulation.self.id);
    assert.equal(typeof reason, 'string');
    assert.ok(!client.received.some(({ envelope }) => envelope.name === 'message'));
  });

  it('permissions: rejects commands that are not allowed', async () => {
    fixture = await MqttFixture.start({ permissions: { allow: ['read-only'], deny: ['roomFindAll'] } });
    const { client } = fixture;
    assert.equal((await client.call('contactFindAll')).code, 200);
    for (const name of ['contactSay', 'roomFindAll', 'contacAliasSet']) {
      const { code, error } = await client.call(name, { contacts: ['Alice'], messagePayload: 'x' });
      assert.deepEqual([code, error?.code], [403, 'REFUSED'], name);
    }
  });

  it('topics: uses custom topics', async () => {
    fixture = await MqttFixture.start({
      topics: {
        event: 'my/{clientId}/events',
        request: 'my/{clientId}/do',
        response: 'my/{clientId}/done/{reqId}',
        property: 'my/state',
      },
    });
    const { client } = fixture.client;
    await client.subscribeAsync('my/#', { qos: 1 });
    await client.publishAsync(
      'my/shop/do',
      JSON.stringify({ reqId: '7', name: 'wechatyLogonoff', params: {} }),
    );
    assert.equal((await fixture.client.next(({ topic }) => topic === 'my/shop/done/7')).envelope.code, 200);
    await fixture.remote.publish('e', 1);
    await fixture.client.next(({ topic }) => topic === 'my/shop/events');
    await fixture.client.next(({ topic }) => topic === 'my/state');
  });
});

describe('createTopics', () => {
  for (const clientId of ['#', '+', 'a/b', '', 'a\0b', 'x'.repeat(200), '\uFFFF', '\uFDD0', '\u{1FFFE}']) {
    it(`rejects the clientId ${JSON.stringify(clientId).slice(0, 20)}`, () => {
      assert.throws(() => createTopics(clientId), { code: 'INVALID_PARAMS' });
    });
  }

  it('rejects wildcards, $ topics, too many levels and non-characters', () => {
    for (const event of ['a/#', 'a/+/b', '$SYS/x', 'a/'.repeat(128), 'a/\uFFFE']) {
      assert.throws(() => createTopics('shop', { event }), { code: 'INVALID_PARAMS' });
    }
  });
});
