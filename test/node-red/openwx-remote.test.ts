/** The wechat-openwx-remote node: example, status, redeploys and removal. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/openwx-remote/properties';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';
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

  it('serves the client of the example', async () => {
    const text = readFileSync(join(root, 'examples', '12-openwx.json'), 'utf8');
    const flows = JSON.parse(
      text.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`).replace('"port": "3000"', `"port": "${port}"`),
    ) as FlowNode[];
    const idOf = (name: string): string => {
      const node = flows.find((one) => one.name === name);
      assert.ok(node, name);
      return node.id;
    };
    const botId = flows.find(({ type }) => type === 'wechat-bot')?.id ?? '';
    await nodeRed.deploy(flows);
    await nodeRed.status(idOf('server'), /^listening on 127\.0\.0\.1/);
    await nodeRed.comms();
    const shown = async (name: string, fits = ''): Promise<string> =>
      String((await nodeRed.debug(({ id, msg }) => id === idOf(name) && String(msg).includes(fits))).msg);
    const friends = shown('friends');
    await nodeRed.inject(idOf('who are the friends?'));
    assert.match(await friends, /ming-88/);
    const [answer, event, handled] = [
      shown('answer'),
      shown('event', 'Hello from HTTP'),
      shown('call handled', 'send_'),
    ];
    await nodeRed.inject(idOf('greet Ming by HTTP'));
    assert.equal((JSON.parse(await answer) as { code: number }).code, 0);
    assert.equal((JSON.parse(await event) as { from: string }).from, 'api');
    assert.match(await handled, /send_friend_message/);
    const said = await nodeRed.simulation(botId, (simulation) =>
      simulation.messages().map(({ text: sent }) => sent),
    );
    assert.deepEqual(said, ['Hello from HTTP 你好']);
  });

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
