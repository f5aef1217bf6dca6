import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/padchat-remote/properties';
import { FrameClient } from '../unit/remotes/padchat/fixture';
import { freePort } from '../support/free-port';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

describe('wechat-padchat-remote node', () => {
  let port: number;
  let nodeRed: NodeRed;
  const clients: FrameClient[] = [];

  const remote = (changes: object = {}): FlowNode[] =>
    flow(
      { ...botDefaults, id: 'bot', type: 'wechat-bot', name: 'Shop' },
      {
        ...defaults,
        id: 'remote',
        type: 'wechat-padchat-remote',
        bot: 'bot',
        port: String(port),
        credentials: { authKeys: 'first-key, second-key' },
        wires: [['handled']],
        ...changes,
      },
      { id: 'handled', type: 'test-sink', wires: [] },
    );

  async function client(authKey = 'second-key'): Promise<FrameClient> {
    const made = await FrameClient.retry(`ws://127.0.0.1:${port}/ws`);
    clients.push(made);
    await made.call('auth', undefined, { authKey });
    return made;
  }

  before(async () => {
    port = await freePort();
    nodeRed = await startNodeRed({ flows: remote() });
    await nodeRed.status('remote', /^listening on 127\.0\.0\.1:\d+, connections: 0$/);
  });
  afterEach(() => {
    for (const one of clients.splice(0)) one.close();
  });
  after(() => nodeRed.stop());

  it('runs requests of a client and sends a redacted audit message to the flow', async () => {
    const one = await client('first-key');
    const data = { loginType: 'qrcode', token: 'the-token', deviceData: 'the-device' };
    assert.equal((await one.call('login', data)).success, true);
    const { topic, payload } = await nodeRed.sink('handled').next(({ topic: name }) => name === 'login');
    assert.equal(topic, 'login');
    const { ms, ...audit } = payload as { ms: number };
    assert.ok(ms >= 0);
    const params = { loginType: 'qrcode', token: '***', deviceData: '***' };
    assert.deepEqual(audit, { params, code: 0, message: '', reqId: 'call-2' });
  });

  it('rejects a wrong key, and stores no key in the flows', async () => {
    const unauthenticated = await FrameClient.retry(`ws://127.0.0.1:${port}/ws`);
    clients.push(unauthenticated);
    const reply = await unauthenticated.call('auth', undefined, { authKey: 'wrong-key' });
    assert.equal(reply.success, false);
    assert.doesNotMatch(JSON.stringify(await nodeRed.flows()), /first-key|second-key/);
  });

  it('rejects listening beyond loopback without a key', async () => {
    await nodeRed.deploy(remote({ host: '0.0.0.0', credentials: { authKeys: '' } }));
    await nodeRed.status('remote', /^Without a secret, only programs on this machine may come in/);
    await nodeRed.deploy(remote());
    await nodeRed.status('remote', /^listening/);
  });

  it('serves only the generations that were chosen', async () => {
    await nodeRed.deploy(remote({ generations: ['C'] }));
    await nodeRed.status('remote', /^listening/);
    const modern = await FrameClient.retry(`ws://127.0.0.1:${port}/first-key`);
    clients.push(modern);
    await assert.rejects(FrameClient.connect(`ws://127.0.0.1:${port}/ws`), /404/);
    assert.equal((await modern.cmd('status')).success, true);
    await nodeRed.deploy(remote());
    await nodeRed.status('remote', /^listening/);
  });

  it('leaves one server after ten deploys while a client reconnects', async () => {
    const ending = new AbortController();
    const replies: string[] = [];
    let maxGapMs = 0;
    const reconnecting = (async () => {
      let last = performance.now();
      while (!ending.signal.aborted) {
        // A deploy closes all connections.
        const one = await client().catch(() => undefined);
        const reply = await one?.call('status').catch(() => undefined);
        if (reply) {
          replies.push(String(reply.success));
          maxGapMs = Math.max(maxGapMs, performance.now() - last);
          last = performance.now();
        }
        one?.close();
      }
    })();
    for (let times = 0; times < 10; times += 1) await nodeRed.deploy(remote({ name: `deploy ${times}` }));
    ending.abort();
    await reconnecting;
    assert.ok(replies.length > 0 && replies.every((success) => success === 'true'), replies.join());
    assert.ok(maxGapMs < 1000, `unavailable for ${maxGapMs} ms`);
    await nodeRed.status('remote', /connections: 0$/);
    nodeRed.assertHealthy();
  });

  it('waits for a port in use, and listens when it is free', async () => {
    await nodeRed.deploy([]);
    const other: Server = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await nodeRed.deploy(remote());
    await nodeRed.status('remote', /^another program uses 127\.0\.0\.1:\d+: trying again$/);
    other.close();
    await nodeRed.status('remote', /^listening/);
    assert.equal((await (await client()).call('status')).success, true);
  });
});
