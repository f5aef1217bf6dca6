import assert from 'node:assert/strict';
import { type DemoBroker, startBroker } from '../../../src/demo/broker';
import { Example, loadExample } from '../../support/example';
import { type FlowNode, type NodeRed, startNodeRed } from '../../support/node-red';

describe('examples with MQTT', () => {
  let broker: DemoBroker;
  /** Has the bot. */
  let nodeRed: NodeRed;
  let mirror: Example;
  /** Has no bot, and reaches the other through the broker only. */
  let second: NodeRed;
  let dashboard: Example;

  /** An example, with the address of the test's broker. */
  function load(name: string): FlowNode[] {
    return loadExample(name, { '127.0.0.1:1883': `127.0.0.1:${broker.port}` }).map((node) =>
      node.type === 'mqtt-broker' ? { ...node, port: String(broker.port) } : node,
    );
  }

  before(async () => {
    broker = await startBroker(0);
    const mirrorNodes = load('09-mirror-to-mqtt');
    nodeRed = await startNodeRed({ flows: mirrorNodes });
    mirror = new Example(nodeRed, mirrorNodes);
    const states = load('11-bot-states').filter(({ type }) => type !== 'mqtt-broker');
    second = await startNodeRed({ flows: [...load('10-answer-by-mqtt'), ...states] });
    dashboard = new Example(second, states);
    await mirror.status('mirror', /^connected/);
    await dashboard.status('remember', 'shop ready');
  });
  after(async () => {
    await second.stop();
    await nodeRed.stop();
    await broker.stop();
  });

  it('09-mirror-to-mqtt greets Ming and shows the response, the event and the audit message', async () => {
    await nodeRed.comms();
    const shown = [
      mirror.shownObject('answer'),
      mirror.shownObject('event', 'Hello from'),
      mirror.shownObject('command handled'),
    ];
    await mirror.press('greet Ming by MQTT');
    const [response, event, audited] = await Promise.all(shown);
    assert.deepEqual([response?.name, response?.code], ['contactSay', 200]);
    assert.equal((event?.params as { text: string }).text, 'Hello from MQTT');
    assert.equal(audited?.reqId, response?.reqId);
    assert.deepEqual(await mirror.textsTo('Ming'), ['Hello from MQTT']);
  });

  it('10-answer-by-mqtt replies from a Node-RED without a bot', async () => {
    const [direct, inRoom] = await Promise.all([
      mirror.ask('Alice', 'time?'),
      mirror.ask('Ming', '几点', 'Team'),
    ]);
    assert.match(direct.text, /^It is /);
    assert.match(inRoom.text, /^It is /);
    assert.deepEqual([direct.inRoom, inRoom.inRoom], [false, true]);
  });

  it('11-bot-states shows whether a bot is online', async () => {
    const page = async (): Promise<string> => (await second.request('bots')).text();
    const online = await page();
    assert.match(online, /card online/);
    assert.match(online, /shop[^]*ready[^]*Bot/);
    await nodeRed.kill('SIGKILL');
    await dashboard.status('remember', 'shop offline');
    assert.match(await page(), /card offline/);
    await nodeRed.start();
    await dashboard.status('remember', 'shop ready');
    assert.match(await page(), /card online/);
  });
});
