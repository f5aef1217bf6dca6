import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';

const botId = '9d74932bdb6f21dc';

describe('the example with PadChat', () => {
  let nodeRed: NodeRed;
  let flows: FlowNode[];

  const idOf = (name: string): string => {
    const node = flows.find((one) => one.name === name);
    assert.ok(node, `there is a node called ${name}`);
    return node.id;
  };

  before(async () => {
    const port = await freePort();
    const text = readFileSync(join(root, 'examples', '14-padchat.json'), 'utf8');
    flows = JSON.parse(text.replaceAll('7777', String(port))) as FlowNode[];
    nodeRed = await startNodeRed();
    await nodeRed.comms();
    const shown = nodeRed.debug(({ id }) => id === idOf('reply'));
    await nodeRed.deploy(flows);
    await nodeRed.status(idOf('server'), /^listening on 127\.0\.0\.1:\d+, connections: 1$/);
    const reply = JSON.parse(String((await shown).msg)) as { cmdId: string; success: boolean };
    assert.deepEqual([reply.cmdId, reply.success], ['auth', true]);
  });
  after(() => nodeRed.stop());

  it('greets Ming as a PadChat client, and tells the flow', async () => {
    const shown = ['reply', 'command handled'].map((name) =>
      nodeRed.debug(({ id, msg }) => id === idOf(name) && String(msg).includes('greeting')),
    );
    await nodeRed.inject(idOf('greet Ming'));
    const [reply, handled] = (await Promise.all(shown)).map(
      ({ msg }) =>
        JSON.parse(String(msg)) as { success?: boolean; topic?: string; payload?: { code: number } },
    );
    assert.equal(reply?.success, true);
    assert.deepEqual([handled?.topic, handled?.payload?.code], ['sendMsg', 0]);
    const said = await nodeRed.simulation(botId, (simulation) =>
      simulation.messages({ conversation: simulation.contact('Ming') }).map(({ text }) => text),
    );
    assert.deepEqual(said, ['Hello from PadChat']);
  });

  it('answers who asks for it, in the conversation that was asked', async () => {
    const answers = await nodeRed.simulation(botId, async (simulation) => {
      const direct = simulation.contact('Alice').say('padchat').to(simulation.self);
      const inRoom = simulation.contact('Bob').say('PadChat').in('Team');
      const told = await Promise.all([direct, inRoom].map((said) => simulation.nextReply(said)));
      return told.map(({ text, roomId }) => [text, roomId !== undefined]);
    });
    assert.deepEqual(answers, [
      ['PadChat is listening.', false],
      ['PadChat is listening.', true],
    ]);
  });
});
