import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoBroker, startBroker } from '../../src/demo/broker';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';

const botId = '9d74932bdb6f21dc';

describe('the examples with MQTT', () => {
  let broker: DemoBroker;
  /** Has the bot. */
  let nodeRed: NodeRed;
  /** Has no bot, and knows the other by the broker only. */
  let second: NodeRed;

  /** An example, on the test's broker. */
  function example(name: string): FlowNode[] {
    const text = readFileSync(join(root, 'examples', `${name}.json`), 'utf8');
    const flows = JSON.parse(text.replaceAll('127.0.0.1:1883', `127.0.0.1:${broker.port}`)) as FlowNode[];
    return flows.map((node) => (node.type === 'mqtt-broker' ? { ...node, port: String(broker.port) } : node));
  }

  const idOf = (flows: FlowNode[], name: string): string => {
    const node = flows.find((one) => one.name === name);
    assert.ok(node, `there is a node called ${name}`);
    return node.id;
  };

  before(async () => {
    broker = await startBroker(0);
    nodeRed = await startNodeRed({ flows: example('09-mirror-to-mqtt') });
    const dashboard = example('11-bot-states').filter(({ type }) => type !== 'mqtt-broker');
    second = await startNodeRed({ flows: [...example('10-answer-by-mqtt'), ...dashboard] });
    await nodeRed.status(idOf(example('09-mirror-to-mqtt'), 'mirror'), /^connected/);
    await second.status(idOf(dashboard, 'remember'), 'shop ready');
  });
  after(async () => {
    await second.stop();
    await nodeRed.stop();
    await broker.stop();
  });

  it('mirror greets Ming by way of the broker and shows answer, event and what was handled', async () => {
    const flows = example('09-mirror-to-mqtt');
    await nodeRed.comms();
    const shown = ['answer', 'event', 'command handled'].map((name) =>
      nodeRed.debug(
        ({ id, msg }) => id === idOf(flows, name) && (name !== 'event' || String(msg).includes('Hello from')),
      ),
    );
    await nodeRed.inject(idOf(flows, 'greet Ming by MQTT'));
    const [answer, event, handled] = (await Promise.all(shown)).map(
      ({ msg }) => JSON.parse(String(msg)) as Record<string, unknown>,
    );
    assert.deepEqual([answer?.name, answer?.code], ['contactSay', 200]);
    assert.equal((event?.params as { text: string }).text, 'Hello from MQTT');
    assert.equal(handled?.reqId, answer?.reqId);
    const said = await nodeRed.simulation(botId, (simulation) =>
      simulation.messages({ conversation: simulation.contact('Ming') }).map(({ text }) => text),
    );
    assert.deepEqual(said, ['Hello from MQTT']);
  });

  it('answer-by-mqtt tells the time from a Node-RED without a bot', async () => {
    const answers = await nodeRed.simulation(botId, async (simulation) => {
      const direct = simulation.contact('Alice').say('time?').to(simulation.self);
      const inRoom = simulation.contact('Ming').say('几点').in('Team');
      const told = await Promise.all([direct, inRoom].map((said) => simulation.nextReply(said)));
      return told.map(({ text, roomId }) => [text.startsWith('It is '), roomId !== undefined]);
    });
    assert.deepEqual(answers, [
      [true, false],
      [true, true],
    ]);
  });

  it('bot-states shows who is there, and who is not any more', async () => {
    const page = async (): Promise<string> => (await second.request('bots')).text();
    const there = await page();
    assert.match(there, /card online/);
    assert.match(there, /shop[^]*ready[^]*Bot/);
    await nodeRed.kill('SIGKILL');
    await second.status(idOf(example('11-bot-states'), 'remember'), 'shop offline');
    assert.match(await page(), /card offline/);
    await nodeRed.start();
    await second.status(idOf(example('11-bot-states'), 'remember'), 'shop ready');
    assert.match(await page(), /card online/);
  });
});
