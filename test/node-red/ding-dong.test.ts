import assert from 'node:assert/strict';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults as onEventDefaults } from '../../src/nodes/on-event/properties';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';

describe('a bot in a real Node-RED', () => {
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

  const hearDing = async (): Promise<void> => {
    await nodeRed.status('in', /^ready/);
    await nodeRed.world('bot', (world) => void world.contact('Ming').say('ding').to(world.self));
    const message = await nodeRed.sink('out').next();
    assert.equal(message.payload, 'ding');
  };

  it('hears a friend', hearDing);

  it('hears a friend after Node-RED was killed and started again', async () => {
    await nodeRed.kill('SIGKILL');
    await nodeRed.start();
    await hearDing();
  });
});
