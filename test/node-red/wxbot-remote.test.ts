import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/wxbot-remote/properties';
import { type ReceivedResponse, key, post, WxbotTestClient } from '../unit/remotes/wxbot/fixture';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { freePort } from '../support/free-port';

describe('wechat-wxbot-remote node', () => {
  let port: number;
  let nodeRed: NodeRed;

  const remote = (changes: object = {}): FlowNode[] =>
    flow(
      { ...botDefaults, id: 'bot', type: 'wechat-bot', name: 'Shop' },
      { ...botDefaults, id: 'desk', type: 'wechat-bot', name: 'Front desk' },
      {
        ...defaults,
        id: 'remote',
        type: 'wechat-wxbot-remote',
        bot: 'bot',
        port: String(port),
        credentials: { key, tokens: 't1\nt2 = Front desk' },
        wires: [['handled']],
        ...changes,
      },
      { id: 'handled', type: 'test-sink', wires: [] },
    );
  const address = (): string => `127.0.0.1:${port}`;
  const say = (Content: string, Token = 't1'): Promise<ReceivedResponse> =>
    post(address(), `/wxapi/pc/message/sendText?key=${key}`, { Token, UserName: 'wxid_alice', Content });

  /** Resolves when both bots are ready. */
  const bothReady = (): Promise<void> =>
    nodeRed.evaluate(async ({ RED }) => {
      for (const id of ['bot', 'desk']) {
        const { bot } = RED.nodes.getNode(id) as unknown as {
          bot: {
            state: { name: string };
            on(name: string, listener: (state: { name: string }) => void): void;
          };
        };
        if (bot.state.name === 'ready') continue;
        await new Promise<void>((resolve) => {
          bot.on('state', ({ name }) => {
            if (name === 'ready') resolve();
          });
        });
      }
    }, undefined);

  before(async () => {
    port = await freePort();
    nodeRed = await startNodeRed({ flows: remote() });
    await nodeRed.status('remote', /^listening on 127\.0\.0\.1:\d+/);
    await bothReady();
  });
  after(() => nodeRed.stop());

  it('sends with the bot of the token and an audit message to the flow', async () => {
    const answer = await say('by the desk', 't2');
    assert.equal(answer.ok, true, answer.error);
    const { topic, payload } = await nodeRed.sink('handled').next();
    assert.equal(topic, 'sendText');
    const { ms, ...audit } = payload as { ms: number };
    assert.ok(ms >= 0);
    const params = { bot: 'Front desk', Token: '***', UserName: 'wxid_alice', Content: 'by the desk' };
    assert.deepEqual(audit, { params, code: 0, message: 'success', reqId: '' });
    const texts = await nodeRed.simulation('desk', (simulation) =>
      simulation.messages().map(({ text }) => text),
    );
    assert.deepEqual(texts, ['by the desk']);
  });

  it('pushes messages of both bots, also after one of them was redeployed', async () => {
    const client = await WxbotTestClient.open(address());
    assert.equal((await client.handshake()).retCode, 0);
    await nodeRed.status('remote', /connections: 1$/);
    // Like the editor, sends only changed credentials.
    const flows = remote({ credentials: undefined }).map((node) =>
      node.id === 'desk' ? { ...node, perMinute: '40' } : node,
    );
    await nodeRed.deploy(flows, 'nodes');
    await bothReady();
    for (const bot of ['bot', 'desk']) {
      await nodeRed.simulation(
        bot,
        (simulation, text) => void simulation.contact('Ming').say(text).to(simulation.self),
        `to ${bot}`,
      );
      assert.equal((await client.nextMessage(`to ${bot}`)).eventType, 'AddMsg');
    }
    await client.end();
  });

  it('is unavailable for at most one second during a redeploy under load', async () => {
    let isDone = false;
    let maxGapMs = 0;
    let successes = 0;
    const clients = Array.from({ length: 4 }, async () => {
      let last = performance.now();
      while (!isDone) {
        const ok = await say('x', 't3').then(
          ({ retCode }) => retCode === 1004,
          () => false,
        );
        const now = performance.now();
        if (ok) {
          successes += 1;
          maxGapMs = Math.max(maxGapMs, now - last);
          last = now;
        } else {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    });
    const client = await WxbotTestClient.open(address());
    await client.handshake();
    await nodeRed.deploy(remote({ name: 'anew' }), 'nodes');
    const before = successes;
    while (successes === before) await new Promise((resolve) => setImmediate(resolve));
    isDone = true;
    await Promise.all(clients);
    assert.equal(await client.closed(), 1001);
    assert.ok(successes > 10);
    assert.ok(maxGapMs < 1000, `unavailable for ${maxGapMs} ms`);
  });

  it('leaves one listener after ten deploys, and none after its removal', async () => {
    for (let times = 0; times < 10; times += 1)
      await nodeRed.deploy(remote({ name: `no ${times}` }), 'nodes');
    await nodeRed.status('remote', /^listening/);
    assert.equal((await say('still there')).ok, true);
    const listening = await nodeRed.evaluate(
      ({ RED }) => RED.events.listenerCount('flows:started'),
      undefined,
    );
    await nodeRed.deploy(remote().filter(({ id }) => id !== 'remote'));
    await assert.rejects(say('x'), /ECONNREFUSED/);
    const left = await nodeRed.evaluate(({ RED }) => RED.events.listenerCount('flows:started'), undefined);
    assert.equal(left, listening - 1);
    await nodeRed.deploy(remote());
    await nodeRed.status('remote', /^listening/);
  });

  it('shows that the port is in use, and listens when it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = String((other.address() as AddressInfo).port);
    await nodeRed.deploy(remote({ port: taken }));
    await nodeRed.status('remote', /another program/);
    other.close();
    await nodeRed.status('remote', new RegExp(`^listening on 127\\.0\\.0\\.1:${taken}`));
  });

  it('shows invalid settings in its status', async () => {
    await nodeRed.deploy(remote({ host: '0.0.0.0', credentials: {} }));
    await nodeRed.status('remote', /0\.0\.0\.0/);
    await nodeRed.deploy(remote({ credentials: { key, tokens: 't = Nobody' } }));
    await nodeRed.status('remote', /^listening.*Nobody/);
  });

  it('leaks no key and token', async () => {
    await nodeRed.deploy(remote());
    await nodeRed.status('remote', new RegExp(`^listening on 127\\.0\\.0\\.1:${port}, [^;]*$`));
    await post(address(), `/wxapi/pc/message/sendText?key=${key}`, '{"Token":"t-secret-9"');
    await post(address(), `/wxapi/pc/message/sendText?key=${key}&x=%00`, {
      Token: 't-secret-9',
      UserName: 'x',
    });
    const printed = nodeRed.logs.all.join('\n');
    const messages = JSON.stringify(nodeRed.sink('handled').all);
    for (const text of [printed, messages, JSON.stringify(await nodeRed.flows())]) {
      assert.ok(!text.includes(key) && !text.includes('t-secret-9'));
    }
  });
});
