/** Two remotes on one request topic would both execute each command: the second one must say so and leave it alone. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { botNode, remoteNodes, startWithRemotes } from './mqtt-fixture';
import { createUserDirectory } from '../support/user-directory';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { MqttTestClient } from './mqtt-peer';

const refused = (holder: string): RegExp => new RegExp(`^${holder}[^:]* already executes the commands`);

/** Longer than a refused remote waits until it asks again, in ms. */
const retryTimeout = 30_000;

/** Longer than two copies need to recognise each other, in ms: they disconnect each other several times. */
const copyTimeout = 60_000;

describe('MqttRemote with a request topic that another one has', function () {
  this.timeout(120_000);
  const started: Stoppable[] = [];
  let broker: Mosquitto;

  before(async function () {
    skipIfMissing.call(this, mosquittoMissing());
    broker = await Mosquitto.start({ websockets: true });
    started.push(broker);
  });
  after(() => stopAll(started));

  const remote = (id: string, bot: string, changes: object): FlowNode[] =>
    remoteNodes(id, bot, broker.url, { clientId: 'shop', ...changes });

  async function executions(nodeRed: NodeRed, bots: readonly string[], text: string): Promise<number> {
    const counts = bots.map((bot) =>
      nodeRed.simulation(
        bot,
        (simulation, sought) => simulation.messages().filter((one) => one.text === sought).length,
        text,
      ),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  const template = 'custom/commands';
  const cases: Readonly<Record<string, { first: object; second: object; topic?: string }>> = {
    'the same clientId': { first: {}, second: {} },
    'the same clientId, and the broker by its name': {
      first: {},
      second: { url: 'mqtt://LOCALHOST:' },
    },
    'the same clientId, and the broker by WebSocket': { first: {}, second: { url: 'ws' } },
    'the same clientId, and the other MQTT version by WebSocket': {
      first: { protocolVersion: '5' },
      second: { protocolVersion: '4', url: 'ws' },
    },
    'no clientId and one bot': { first: { clientId: '' }, second: { clientId: '' } },
    'one template and different clientIds': {
      first: { clientId: 'a', serviceRequestTopic: template },
      second: { clientId: 'b', serviceRequestTopic: template },
      topic: template,
    },
    'a template that gives the default topic of the other': {
      first: {},
      second: { clientId: 'x', serviceRequestTopic: 'thing/chatbot/shop/command/invoke' },
    },
  };
  for (const [what, { first, second, topic }] of Object.entries(cases)) {
    it(`refuses the second one: ${what}`, async () => {
      const url = (changes: { url?: string }) =>
        changes.url === 'ws'
          ? { ...changes, url: broker.wsUrl }
          : changes.url
            ? { ...changes, url: `${changes.url}${broker.port}` }
            : changes;
      const sameBot = 'clientId' in first && first.clientId === '';
      const bots = sameBot ? ['one'] : ['one', 'two'];
      const second_ = remote('second', bots.at(-1) ?? '', { name: 'Till', ...url(second) });
      const nodeRed = await startNodeRed({
        flows: flow(
          ...bots.map((id) => botNode(id)),
          ...remote('first', 'one', { name: 'Counter', ...first }),
        ),
      });
      started.push(nodeRed);
      await nodeRed.status('first', /^connected/);
      const bothFlows = [...(await nodeRed.flows()), ...second_];
      await nodeRed.deploy(bothFlows, 'nodes');
      await nodeRed.status('second', refused('(?:Counter \\()?first'));
      const client = await MqttTestClient.connect(broker.url, sameBot ? 'one' : 'shop');
      const command = {
        reqId: what,
        name: 'contactSay',
        params: { contacts: ['Alice'], messagePayload: what },
        timestamp: Date.now(),
      };
      const answered = client.received.next(({ text }) => text.includes('"method":"response"'));
      await client.client.subscribeAsync('thing/chatbot/+/response/d2c/+');
      await client.client.publishAsync(topic ?? client.topic('command/invoke'), JSON.stringify(command));
      await answered;
      assert.equal(await executions(nodeRed, bots, what), 1);
      // The second one takes over when the first one is gone.
      await nodeRed.deploy(
        bothFlows.filter(({ id }) => id !== 'first'),
        'nodes',
      );
      await nodeRed.status('second', /^connected/, retryTimeout);
      await client.end();
      await nodeRed.stop();
    });
  }

  it('refuses the second one in another Node-RED, until the first one is killed', async () => {
    const nodes = (id: string) => [botNode(`bot-${id}`), ...remote(id, `bot-${id}`, { clientId: 'both' })];
    const first = await startWithRemotes(...nodes('first'));
    const second = await startNodeRed({ flows: flow(...nodes('second')) });
    started.push(first, second);
    await second.status('second', refused('first \\(wechat[\\da-f]{16}\\)'));
    const client = await MqttTestClient.connect(broker.url, 'both');
    const say = (text: string) => client.call('contactSay', { contacts: ['Alice'], messagePayload: text });
    assert.equal((await say('once')).code, 200);
    assert.equal(await executions(first, ['bot-first'], 'once'), 1);
    assert.equal(await executions(second, ['bot-second'], 'once'), 0);
    await first.kill('SIGKILL');
    await second.status('second', /^connected/, retryTimeout);
    assert.equal((await say('again')).code, 200);
    assert.equal(await executions(second, ['bot-second'], 'again'), 1);
    await first.start();
    await first.status('first', refused('second'));
    await client.end();
  });

  for (const protocolVersion of ['5', '4']) {
    it(`refuses one of two copies of a Node-RED (MQTT version ${protocolVersion})`, async () => {
      const copies = await MqttTestClient.connect(broker.url, 'copied');
      const nodes = [botNode('bot'), ...remote('copied', 'bot', { clientId: 'copied', protocolVersion })];
      const original = await startWithRemotes(...nodes);
      started.push(original);
      await original.kill('SIGTERM');
      const userDir = createUserDirectory();
      cpSync(join(original.userDir, 'wechat'), join(userDir, 'wechat'), { recursive: true });
      await original.start();
      const copy = await startNodeRed({ flows: flow(...nodes), userDir });
      started.push(copy);
      const refusedCopy = await Promise.race(
        [original, copy].map(async (nodeRed) => {
          await nodeRed.status('copied', refused('copied'), copyTimeout);
          return nodeRed;
        }),
      );
      const [other] = [original, copy].filter((nodeRed) => nodeRed !== refusedCopy);
      await other?.status('copied', /^connected/, copyTimeout);
      const say = { contacts: ['Alice'], messagePayload: 'once' };
      assert.equal((await copies.call('contactSay', say)).code, 200);
      const counts = await Promise.all([original, copy].map((one) => executions(one, ['bot'], 'once')));
      assert.deepEqual(counts.sort(), [0, 1]);
      await Promise.all([copies.end(), original.stop(), copy.stop()]);
    });
  }

  for (const [what, protocolVersion, saysSo, logged] of [
    ['has', '5', true, 'Another program connected'],
    ['may have', '4', false, 'perhaps another program'],
  ] as const) {
    it(`says that another program ${what} the same MQTT client id (version ${protocolVersion})`, async () => {
      const relay = await startRelay(broker.port, saysSo);
      started.push(relay);
      const claims = await MqttTestClient.connect(broker.url, what, {
        topics: [`thing/chatbot/${what}/command/invoke/claim`],
      });
      const nodeRed = await startWithRemotes(
        botNode('bot'),
        ...remote('victim', 'bot', { clientId: what, protocolVersion, url: relay.url }),
      );
      started.push(nodeRed);
      const { text } = await claims.received.next(({ topic }) => topic.endsWith('/claim'));
      const clientId = /wechat[\da-f]{16}/.exec(text)?.[0] ?? '';
      const copy = await MqttTestClient.connect(broker.url, what, { clientId, protocolVersion: 4 });
      await nodeRed.logged(new RegExp(`${logged}.*${clientId}`), retryTimeout);
      await Promise.all([copy.end(), claims.end()]);
      await nodeRed.status('victim', /^connected/, retryTimeout);
    });
  }
});

/** Between a remote and a broker. @param saysSo whether it adds the reason 0x8E that other brokers give for a takeover. */
async function startRelay(
  brokerPort: number,
  saysSo: boolean,
): Promise<Stoppable & { readonly url: string }> {
  const disconnect = saysSo ? Buffer.from([0xe0, 0x01, 0x8e]) : Buffer.alloc(0);
  const server = createServer((socket) => {
    const upstream = connect(brokerPort, '127.0.0.1');
    socket.pipe(upstream);
    upstream.pipe(socket, { end: false });
    upstream.once('end', () => socket.end(disconnect));
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const)
      one.on('error', () => other.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      return Promise.resolve();
    },
  };
}
