import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/wxbot-remote/properties';
import { type Answer, key, post, SyncClient } from '../unit/remotes/wxbot/fixture';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { freePort } from '../support/free-port';

describe('the WXBot remote in a real Node-RED', () => {
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
  const say = (Content: string, Token = 't1'): Promise<Answer> =>
    post(address(), `/wxapi/pc/message/sendText?key=${key}`, { Token, UserName: 'wxid_alice', Content });

  /** Resolves when both bots can be talked to. */
  const bothReady = (): Promise<void> =>
    nodeRed.inside(async ({ RED }) => {
      for (const id of ['bot', 'desk']) {
        const { bot } = RED.nodes.getNode(id) as unknown as {
          bot: { state: { name: string }; on(name: string, heard: (state: { name: string }) => void): void };
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

  it('sends by the bot of the token and tells the flow', async () => {
    const answer = await say('by the desk', 't2');
    assert.equal(answer.ok, true, answer.error);
    const { topic, payload } = await nodeRed.sink('handled').next();
    assert.equal(topic, 'sendText');
    const { ms, ...told } = payload as { ms: number };
    assert.ok(ms >= 0);
    const params = { bot: 'Front desk', UserName: 'wxid_alice', Content: 'by the desk' };
    assert.deepEqual(told, { params, code: 0, message: 'success', reqId: '' });
    const texts = await nodeRed.world('desk', (world) => world.messages().map(({ text }) => text));
    assert.deepEqual(texts, ['by the desk']);
  });

  it('tells clients what both bots hear, also after one of them was deployed anew', async () => {
    const client = await SyncClient.open(address());
    assert.equal((await client.introduce()).retCode, 0);
    await nodeRed.status('remote', /connections: 1$/);
    // As the editor does: it sends credentials only where they were changed.
    const flows = remote({ credentials: undefined }).map((node) =>
      node.id === 'desk' ? { ...node, perMinute: '40' } : node,
    );
    await nodeRed.deploy(flows, 'nodes');
    await bothReady();
    for (const bot of ['bot', 'desk']) {
      await nodeRed.world(
        bot,
        (world, text) => void world.contact('Ming').say(text).to(world.self),
        `to ${bot}`,
      );
      assert.equal((await client.message(`to ${bot}`)).eventType, 'AddMsg');
    }
    await client.end();
  });

  it('refuses nobody for longer than a second while it is deployed anew under load', async () => {
    let isDone = false;
    let longest = 0;
    let answered = 0;
    const asking = Array.from({ length: 4 }, async () => {
      let last = performance.now();
      while (!isDone) {
        const ok = await say('x', 't3').then(
          ({ retCode }) => retCode === 1004,
          () => false,
        );
        const now = performance.now();
        if (ok) {
          answered += 1;
          longest = Math.max(longest, now - last);
          last = now;
        } else {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    });
    const client = await SyncClient.open(address());
    await client.introduce();
    await nodeRed.deploy(remote({ name: 'anew' }), 'nodes');
    const before = answered;
    while (answered === before) await new Promise((resolve) => setImmediate(resolve));
    isDone = true;
    await Promise.all(asking);
    assert.equal(await client.closed(), 1001);
    assert.ok(answered > 10);
    assert.ok(longest < 1000, `nobody was let in for ${longest} ms`);
  });

  it('leaves one listener after ten deploys, and nothing when it is removed', async () => {
    for (let times = 0; times < 10; times += 1)
      await nodeRed.deploy(remote({ name: `no ${times}` }), 'nodes');
    await nodeRed.status('remote', /^listening/);
    assert.equal((await say('still there')).ok, true);
    const listening = await nodeRed.inside(({ RED }) => RED.events.listenerCount('flows:started'), undefined);
    await nodeRed.deploy(remote().filter(({ id }) => id !== 'remote'));
    await assert.rejects(say('x'), /ECONNREFUSED/);
    const left = await nodeRed.inside(({ RED }) => RED.events.listenerCount('flows:started'), undefined);
    assert.equal(left, listening - 1);
    await nodeRed.deploy(remote());
    await nodeRed.status('remote', /^listening/);
  });

  it('says that another program has the port, and takes it when it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = String((other.address() as AddressInfo).port);
    await nodeRed.deploy(remote({ port: taken }));
    await nodeRed.status('remote', /another program/);
    other.close();
    await nodeRed.status('remote', new RegExp(`^listening on 127\\.0\\.0\\.1:${taken}`));
  });

  it('says what is wrong with its settings', async () => {
    await nodeRed.deploy(remote({ host: '0.0.0.0', credentials: {} }));
    await nodeRed.status('remote', /0\.0\.0\.0/);
    await nodeRed.deploy(remote({ credentials: { key, tokens: 't = Nobody' } }));
    await nodeRed.status('remote', /^listening.*Nobody/);
  });

  it('writes no key and no token anywhere', async () => {
    await nodeRed.deploy(remote());
    await nodeRed.status('remote', new RegExp(`^listening on 127\\.0\\.0\\.1:${port}, [^;]*$`));
    await post(address(), `/wxapi/pc/message/sendText?key=${key}`, '{"Token":"t-secret-9"');
    await post(address(), `/wxapi/pc/message/sendText?key=${key}&x=%00`, {
      Token: 't-secret-9',
      UserName: 'x',
    });
    const printed = nodeRed.logs.all.join('\n');
    const told = JSON.stringify(nodeRed.sink('handled').all);
    for (const text of [printed, told, JSON.stringify(await nodeRed.flows())]) {
      assert.ok(!text.includes(key) && !text.includes('t-secret-9'));
    }
  });
});
