import assert from 'node:assert/strict';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/mqtt-remote/properties';
import { Broker, MqttTestClient } from '../unit/remotes/mqtt/fixture';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

describe('wechat-mqtt-remote node', () => {
  const broker = new Broker();
  let peer: MqttTestClient;
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
    peer = await MqttTestClient.connect(broker.url, 'shop');
    nodeRed = await startNodeRed({ flows: remote() });
    await nodeRed.status('remote', /^connected$/);
    await peer.next(({ envelope: { properties } }) => properties?.state === 'ready');
  });
  after(async () => {
    await nodeRed.stop();
    await peer.end();
    await broker.stop();
  });

  it('runs a command, responds and sends an audit message to the flow', async () => {
    const reqId = await peer.sendCommand('contactSay', { contacts: ['Alice'], messagePayload: 'from afar' });
    assert.equal((await peer.responseTo(reqId)).code, 200);
    const { topic, payload } = await nodeRed.sink('handled').next();
    assert.equal(topic, 'contactSay');
    const { ms, ...audit } = payload as { ms: number };
    assert.ok(ms >= 0);
    assert.deepEqual(audit, {
      params: { contacts: ['Alice'], messagePayload: 'from afar' },
      code: 200,
      message: 'success',
      reqId,
    });
  });

  it('publishes messages of the flow', async () => {
    await nodeRed.send('remote', { topic: 'shop-open', payload: { since: 9 } });
    assert.deepEqual((await peer.event('shop-open')).params, { since: 9 });
  });

  it('does not run a completed command again after a kill', async () => {
    const params = { contacts: ['Alice'], messagePayload: 'once only' };
    const timestamp = Date.now();
    const reqId = await peer.sendCommand('contactSay', params, { timestamp });
    const first = await peer.responseTo(reqId);
    await nodeRed.kill('SIGKILL');
    await peer.sendCommand('contactSay', params, { reqId, timestamp });
    const meanwhile = await peer.sendCommand('wechatyLogonoff');
    await nodeRed.start();
    const answers = await peer.nextAll(2, ({ topic }) => topic.endsWith(`/d2c/${reqId}`));
    assert.deepEqual(answers.at(-1)?.envelope, first);
    assert.equal((await peer.responseTo(meanwhile)).code, 200);
  });

  it('shows why it is disconnected, and reconnects', async () => {
    await nodeRed.status('remote', /^connected/);
    await broker.disconnect();
    await nodeRed.status('remote', /^reconnecting since [\d:]+: ./);
    await broker.start();
    await nodeRed.status('remote', /^connected/);
  });

  it('leaves one connection after ten deploys', async () => {
    for (let times = 0; times < 10; times += 1) await nodeRed.deploy(remote({ name: `deploy ${times}` }));
    await nodeRed.status('remote', /^connected/);
    const reqId = await peer.sendCommand('wechatyUserSelf');
    await peer.responseTo(reqId);
    await peer.call('wechatyLogonoff');
    assert.equal(peer.responsesTo(reqId).length, 1);
    assert.equal(broker.connections, 2);
  });

  it('shows invalid settings in its status', async () => {
    await nodeRed.deploy(remote({ url: 'http://example.com' }));
    await nodeRed.status('remote', /is not the address of a broker/);
    await nodeRed.deploy(remote({ clientId: 'a/b' }));
    await nodeRed.status('remote', /cannot name a bot/);
  });
});
