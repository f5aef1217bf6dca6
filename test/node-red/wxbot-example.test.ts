import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';

const botId = '9d74932bdb6f21dc';

describe('the example with WXBot', () => {
  let nodeRed: NodeRed;
  let flows: FlowNode[];

  const idOf = (name: string): string => {
    const node = flows.find((one) => one.name === name);
    assert.ok(node, `there is a node called ${name}`);
    return node.id;
  };

  before(async () => {
    const port = await freePort();
    const text = readFileSync(join(root, 'examples', '13-wxbot.json'), 'utf8');
    flows = JSON.parse(text.replaceAll('19095', String(port))) as FlowNode[];
    nodeRed = await startNodeRed({ flows });
    await nodeRed.comms();
    await nodeRed.status(idOf('server'), /^listening on 127\.0\.0\.1:\d+, connections: 1$/);
  });
  after(() => nodeRed.stop());

  it('greets Ming as a WXBot client, and tells the flow', async () => {
    const shown = ['answer', 'request handled'].map((name) => nodeRed.debug(({ id }) => id === idOf(name)));
    await nodeRed.inject(idOf('greet Ming'));
    const [answer, handled] = (await Promise.all(shown)).map(
      ({ msg }) => JSON.parse(String(msg)) as { ok?: boolean; topic?: string; payload?: { code: number } },
    );
    assert.equal(answer?.ok, true);
    assert.deepEqual([handled?.topic, handled?.payload?.code], ['sendText', 0]);
    const said = await nodeRed.simulation(botId, (simulation) =>
      simulation.messages({ conversation: simulation.contact('Ming') }).map(({ text }) => text),
    );
    assert.deepEqual(said, ['Hello from WXBot']);
  });

  it('answers who asks for it, in the conversation that was asked', async () => {
    const answers = await nodeRed.simulation(botId, async (simulation) => {
      const direct = simulation.contact('Alice').say('wxbot').to(simulation.self);
      const inRoom = simulation.contact('Bob').say('WXBot').in('Team');
      const told = await Promise.all([direct, inRoom].map((said) => simulation.nextReply(said)));
      return told.map(({ text, roomId }) => [text, roomId !== undefined]);
    });
    assert.deepEqual(answers, [
      ['WXBot is listening.', false],
      ['WXBot is listening.', true],
    ]);
  });
});
