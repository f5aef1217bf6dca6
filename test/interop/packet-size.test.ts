import assert from 'node:assert/strict';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import { botNode, remoteNodes, startWithRemotes } from './mqtt-fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { MqttTestClient } from './mqtt-peer';

describe('MqttRemote with a maximum packet size', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  after(() => stopAll(started));

  it('publishes small responses, and an error for those that are too large', async function () {
    skipIfMissing.call(this, mosquittoMissing());
    const broker = await Mosquitto.start({ maxPacket: 20_000 });
    started.push(broker);
    const remote = remoteNodes('shop', 'bot', broker.url).map((node) => ({
      ...node,
      id: `remote-${node.id}`,
    }));
    started.push(await startWithRemotes(botNode('bot', { contacts: 500 }), ...remote));
    const client = await MqttTestClient.connect(broker.url, 'shop');
    const all = await client.call('contactFindAll', { size: 500, page: 1 });
    assert.equal(all.code, 403);
    assert.equal((all.error as { code: string }).code, 'REFUSED');
    assert.match(String(all.message), /size and page/);
    const few = await client.call('contactFindAll', { size: 5, page: 1 });
    assert.equal((few.params as { items: unknown[] }).items.length, 5);
    await client.end();
  });
});
