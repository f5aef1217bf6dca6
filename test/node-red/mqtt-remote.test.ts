import assert from 'node:assert/strict';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/mqtt-remote/properties';
import { Broker, Peer } from '../unit/remotes/mqtt/fixture';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

describe('the MQTT remote in a real Node-RED', () => {
  const broker = new Broker();
  let peer: Peer;
  let nodeRed: NodeRed;

  const remote = (changes: object = {}): FlowNode[] =>
    flow(
      { ...botDefaults, id: 'bot', type: 'wechat-bot', name: 'Shop' },
      {
        ...defaults,
        id: 'remote',
        type: 'wechat-mqtt-remote',
        bot: 'bot',
        url: broker.url,
        clientId: 'shop',
        wires: [['handled']],
        ...changes,
      },
      { id: 'handled', type: 'test-sink', wires: [] },
    );

  before(async () => {
    await broker.start();
    peer = await Peer.connect(broker.url, 'shop');
    nodeRed = await startNodeRed({ flows: remote() });
    await nodeRed.status('remote', /^connected$/);
    await peer.hear(({ envelope: { properties } }) => properties?.state === 'ready');
  });
  after(async () => {
    await nodeRed.stop();
    await peer.end();
    await broker.stop();
  });

  it('executes a command, answers it and tells the flow', async () => {
    const reqId = await peer.command('contactSay', { contacts: ['Alice'], messagePayload: 'from afar' });
    assert.equal((await peer.answer(reqId)).code, 200);
    const { topic, payload } = await nodeRed.sink('handled').next();
    assert.equal(topic, 'contactSay');
    const { ms, ...told } = payload as { ms: number };
    assert.ok(ms >= 0);
    assert.deepEqual(told, {
      params: { contacts: ['Alice'], messagePayload: 'from afar' },
      code: 200,
      message: 'success',
      reqId,
    });
  });

  it('publishes what a flow gives it', async () => {
    await nodeRed.send('remote', { topic: 'shop-open', payload: { since: 9 } });
    assert.deepEqual((await peer.event('shop-open')).params, { since: 9 });
  });

  it('does not do again, after a kill, what was done', async () => {
    const params = { contacts: ['Alice'], messagePayload: 'once only' };
    const reqId = await peer.command('contactSay', params);
    const first = await peer.answer(reqId);
    await nodeRed.kill('SIGKILL');
    await peer.command('contactSay', params, { reqId });
    const meanwhile = await peer.command('wechatyLogonoff');
    await nodeRed.start();
    const answers = await peer.hearAll(2, ({ topic }) => topic.endsWith(`/d2c/${reqId}`));
    assert.deepEqual(answers.at(-1)?.envelope, first);
    assert.equal((await peer.answer(meanwhile)).code, 200);
  });

  it('says why it is not connected, and comes back', async () => {
    await nodeRed.status('remote', /^connected/);
    await broker.away();
    await nodeRed.status('remote', /^reconnecting since [\d:]+: ./);
    await broker.start();
    await nodeRed.status('remote', /^connected/);
  });

  it('leaves one connection after ten deploys', async () => {
    for (let times = 0; times < 10; times += 1) await nodeRed.deploy(remote({ name: `deploy ${times}` }));
    await nodeRed.status('remote', /^connected/);
    const reqId = await peer.command('wechatyUserSelf');
    await peer.answer(reqId);
    await peer.ask('wechatyLogonoff');
    assert.equal(peer.answers(reqId).length, 1);
    assert.equal(broker.connections, 2);
  });

  it('says what is wrong with its settings', async () => {
    await nodeRed.deploy(remote({ url: 'http://example.com' }));
    await nodeRed.status('remote', /is not the address of a broker/);
    await nodeRed.deploy(remote({ clientId: 'a/b' }));
    await nodeRed.status('remote', /cannot name a bot/);
  });
});
