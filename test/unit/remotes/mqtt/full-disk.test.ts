import assert from 'node:assert/strict';
import { join } from 'node:path';
import { SmallDisk } from '../../../support/small-disk';
import { MqttFixture } from './fixture';

describe('MqttRemote on a full disk', () => {
  let disk: SmallDisk;
  let fixture: MqttFixture;

  beforeEach(async () => {
    disk = SmallDisk.create(24);
    fixture = await MqttFixture.start({ directory: join(disk.directory, 'mqtt') });
  });
  afterEach(async () => {
    disk.clear();
    await fixture.end();
    disk.remove();
  });

  const say = (text: string, changes: object = {}): Promise<string> =>
    fixture.client.sendCommand('contactSay', { contacts: ['Alice'], messagePayload: text }, changes);
  const isUnwritable = (): boolean => fixture.remote.status.store.problem?.key === 'storeUnwritable';

  /** Publishes events until nothing can be stored any more. */
  const fillDisk = async (): Promise<void> => {
    disk.fill();
    await assert.rejects(async () => {
      for (let index = 0; index < 5000; index += 1)
        await fixture.remote.publish(`filling${index}`, 'x'.repeat(5000));
    }, /cannot be written/);
    assert.ok(isUnwritable());
  };

  it('publishes events, and answers each command once, when it can be stored', async () => {
    const { client, simulation } = fixture;
    await fillDisk();
    simulation.contact('Alice').say('from the full disk').to(simulation.self);
    await client.event('message', ({ params }) => params.text === 'from the full disk');
    const reqId = await say('from a command');
    simulation.contact('Alice').say('after the command').to(simulation.self);
    await client.event('message', ({ params }) => params.text === 'after the command');
    assert.deepEqual(client.responsesTo(reqId), []);
    disk.clear();
    assert.equal((await client.responseTo(reqId)).code, 200);
    assert.ok(!isUnwritable());
    const sent = simulation.messages({ conversation: 'Alice' }).map(({ text }) => text);
    assert.equal(sent.filter((text) => text === 'from a command').length, 1);
    assert.equal(fixture.log.filter((line) => line.includes('cannot be written')).length, 1);
    assert.equal(fixture.log.filter((line) => line.includes('can be written again')).length, 1);
  });

  it('does not execute or answer a command again after a restart on the full disk', async () => {
    const { client, simulation } = fixture;
    const timestamp = Date.now();
    const reqId = await say('once', { timestamp });
    const first = await client.responseTo(reqId);
    await fillDisk();
    await fixture.restart();
    disk.clear();
    await fixture.whenConnected();
    await say('once', { reqId, timestamp });
    const [, second] = await client.nextAll(2, ({ topic }) => topic.endsWith(`/${reqId}`));
    assert.deepEqual(second?.envelope, first);
    assert.equal(simulation.messages({ conversation: 'Alice' }).length, 1);
  });

  it('answers a command that was executed while the disk became full, once', async () => {
    const { client, simulation } = fixture;
    simulation.faults = { slow: 300 };
    const executed = new Promise<void>((resolve) => {
      simulation.on('message', ({ text }) => {
        if (text === 'slow') resolve();
      });
    });
    const reqId = await say('slow');
    await Promise.all([executed, fillDisk()]);
    disk.clear();
    assert.equal((await client.responseTo(reqId)).code, 200);
    await fixture.restart();
    await client.responseTo(await say('next'));
    assert.equal(client.responsesTo(reqId).length, 1);
    const sent = simulation.messages({ conversation: 'Alice' }).map(({ text }) => text);
    assert.deepEqual(sent, ['slow', 'next']);
  });
});
