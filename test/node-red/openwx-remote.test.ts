/** The wechat-openwx-remote node: status, redeploys and removal. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/openwx-remote/properties';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { freePort } from '../support/free-port';

function botNode(): FlowNode {
  return { ...botDefaults, id: 'shop', type: 'wechat-bot', name: 'Shop bot', minGap: '0' };
}

function remoteNodes(id: string, port: number, changes: object = {}): FlowNode[] {
  return [
    {
      ...defaults,
      id,
      type: 'wechat-openwx-remote',
      bot: 'shop',
      port: String(port),
      wires: [['handled']],
      ...changes,
    },
    { id: 'handled', type: 'test-sink', wires: [] },
  ];
}

describe('wechat-openwx-remote node', () => {
  let nodeRed: NodeRed;
  let port: number;
  before(async () => {
    port = await freePort();
    nodeRed = await startNodeRed();
  });
  after(() => nodeRed.stop());

  const request = async (
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Record<string, unknown>> => {
    const response = await fetch(`http://127.0.0.1:${port}/openwx/${path}`, { headers });
    return (await response.json()) as Record<string, unknown>;
  };

  /** Retries for up to one second while the port is closed. */
  const requestWithRetry = async (
    path: string,
    until = Date.now() + 1000,
  ): Promise<Record<string, unknown>> => {
    try {
      return await request(path);
    } catch (error) {
      if (Date.now() > until) throw error;
      return requestWithRetry(path, until);
    }
  };

  it('shows why it does not listen', async () => {
    await nodeRed.deploy(flow(botNode()));
    const taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    try {
      await nodeRed.deploy(flow(botNode(), ...remoteNodes('open', port, { host: '0.0.0.0' })));
      await nodeRed.status('open', /secret|token/i);
      await nodeRed.deploy(flow(botNode(), ...remoteNodes('busy', port)));
      await nodeRed.status('busy', /uses 127\.0\.0\.1/);
    } finally {
      taken.close();
    }
    await nodeRed.status('busy', /^listening/);
  });

  it('requires its token and does not leak it', async () => {
    const token = 'T0kEn-of-the-operator';
    await nodeRed.deploy(flow(botNode(), ...remoteNodes('kept', port, { credentials: { token } })));
    await nodeRed.status('kept', /^listening/);
    assert.deepEqual(await request('get_client_info'), { code: -6, status: 'auth failure' });
    assert.equal((await request('get_client_info', { 'x-token': token })).account, 'Shop bot');
    const visible = JSON.stringify([await nodeRed.flows(), nodeRed.logs.all]);
    assert.ok(!visible.includes(token));
  });

  it('serves clients across redeploys and closes the port when it is removed', async () => {
    await nodeRed.deploy(flow(botNode(), ...remoteNodes('again', port)));
    await nodeRed.status('again', /^listening/);
    for (let count = 0; count < 5; count += 1) {
      // A long poll without events; the stopping remote responds to it.
      const waiting = requestWithRetry('check_event');
      await requestWithRetry('get_client_info');
      await nodeRed.deploy(flow(botNode(), ...remoteNodes('again', port, { name: `${count}` })), 'nodes');
      await nodeRed.status('again', /^listening/);
      assert.deepEqual(await waiting, []);
      assert.equal((await requestWithRetry('get_client_info')).account, 'Shop bot');
    }
    await nodeRed.deploy(flow(botNode()));
    await assert.rejects(request('get_client_info'));
  });
});
