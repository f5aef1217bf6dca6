import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';

const botId = '9d74932bdb6f21dc';

describe('the example with WeHelp', () => {
  let nodeRed: NodeRed;
  let flows: FlowNode[];

  const idOf = (name: string): string => {
    const node = flows.find((one) => one.name === name);
    assert.ok(node, `there is a node called ${name}`);
    return node.id;
  };
  const deploy = (changes: object = {}): Promise<unknown> =>
    nodeRed.deploy(flows.map((node) => (node.id === idOf('client') ? { ...node, ...changes } : node)));

  before(async () => {
    nodeRed = await startNodeRed();
    const text = readFileSync(join(root, 'examples', '15-wehelp.json'), 'utf8');
    flows = JSON.parse(text.replaceAll('http://127.0.0.1:1880/', nodeRed.url)) as FlowNode[];
    await deploy();
    await nodeRed.status(idOf('client'), /^the service answers$/);
    await nodeRed.comms();
  });
  after(() => nodeRed.stop());

  it('greets Ming by a task, and tells the flow', async () => {
    const shown = nodeRed.debug(({ id }) => id === idOf('task handled'));
    await nodeRed.inject(idOf('greet Ming'));
    const { topic, payload } = JSON.parse(String((await shown).msg)) as {
      topic: string;
      payload: { code: number; params: { text: string } };
    };
    assert.deepEqual(
      [topic, payload.code, payload.params.text],
      ['sendTextMessage', 200, 'Hello from WeHelp'],
    );
    const said = await nodeRed.simulation(botId, (simulation) =>
      simulation.messages({ conversation: simulation.contact('Ming') }).map(({ text }) => text),
    );
    assert.deepEqual(said, ['Hello from WeHelp']);
  });

  it('is told what is said, and answers who asks for it, in the conversation that was asked', async () => {
    const callback = nodeRed.debug(
      ({ id, msg }) => id === idOf('callback') && String(msg).includes('WeHelp'),
    );
    const answers = await nodeRed.simulation(botId, async (simulation) => {
      const direct = simulation.contact('Alice').say('wehelp').to(simulation.self);
      const inRoom = simulation.contact('Bob').say('WeHelp').in('Team');
      const told = await Promise.all([direct, inRoom].map((said) => simulation.nextReply(said)));
      return told.map(({ text, roomId }) => [text, roomId !== undefined]);
    });
    assert.deepEqual(answers, [
      ['WeHelp is listening.', false],
      ['WeHelp is listening.', true],
    ]);
    const { payload } = JSON.parse(String((await callback).msg)) as { payload: Record<string, unknown> };
    assert.deepEqual([payload.type, payload.msgType, payload.cwxid], [78, '1', 'wxid_bot']);
  });

  it('says that the service is away, and what is wrong with its settings', async () => {
    await deploy({ callbackUrl: '', pollUrl: 'http://127.0.0.1:9/' });
    await nodeRed.status(idOf('client'), /^reconnecting since \d\d:\d\d:\d\d: .*ECONNREFUSED/);
    await deploy({ callbackUrl: '', pollUrl: '' });
    await nodeRed.status(idOf('client'), /fill in the URL/);
    await deploy({ pollUrl: 'no address' });
    await nodeRed.status(idOf('client'), /not an http or https URL/);
    await deploy();
    await nodeRed.status(idOf('client'), /^the service answers$/);
  });
});
