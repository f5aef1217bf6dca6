import assert from 'node:assert/strict';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import { aBot, aRemote, startMirror } from './mqtt-fixture';
import { needs, type Stoppable, stopAll } from './required-tools';
import { Peer } from './mqtt-peer';

describe('a broker that takes small packets only', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  after(() => stopAll(started));

  it('carries small answers, and the news that another one was too large', async function () {
    needs.call(this, mosquittoMissing());
    const broker = await Mosquitto.start({ maxPacket: 20_000 });
    started.push(broker);
    const remote = aRemote('shop', 'bot', broker.url).map((node) => ({ ...node, id: `remote-${node.id}` }));
    started.push(await startMirror(aBot('bot', { contacts: 500 }), ...remote));
    const peer = await Peer.connect(broker.url, 'shop');
    const all = await peer.call('contactFindAll', { size: 500, page: 1 });
    assert.equal(all.code, 403);
    assert.equal((all.error as { code: string }).code, 'REFUSED');
    assert.match(String(all.message), /size and page/);
    const few = await peer.call('contactFindAll', { size: 5, page: 1 });
    assert.equal((few.params as { items: unknown[] }).items.length, 5);
    await peer.end();
  });
});
