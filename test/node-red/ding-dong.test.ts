import assert from 'node:assert/strict';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults as onEventDefaults } from '../../src/nodes/on-event/properties';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';

describe('Node-RED with a bot', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed({
      flows: flow(
        { ...botDefaults, id: 'bot', type: 'wechat-bot', name: 'Shop' },
        { ...onEventDefaults, id: 'in', type: 'wechat-on-event', bot: 'bot', wires: [['out']] },
        { id: 'out', type: 'test-sink', wires: [] },
      ),
    });
  });

  after(() => nodeRed.stop());

  const assertMessageReceived = async (): Promise<void> => {
    await nodeRed.status('in', /^ready/);
    await nodeRed.simulation(
      'bot',
      (simulation) => void simulation.contact('Ming').say('ding').to(simulation.self),
    );
    const message = await nodeRed.sink('out').next();
    assert.equal(message.payload, 'ding');
  };

  it('receives a message', assertMessageReceived);

  it('receives a message after Node-RED was killed and restarted', async () => {
    await nodeRed.kill('SIGKILL');
    await nodeRed.start();
    await assertMessageReceived();
  });
});
