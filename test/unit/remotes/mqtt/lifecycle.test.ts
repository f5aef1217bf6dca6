import assert from 'node:assert/strict';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { MqttRemote } from '../../../../src/remotes/mqtt/remote';
import { MqttFixture } from './fixture';

describe('MqttRemote start and stop', () => {
  let fixture: MqttFixture;
  const intervals = new Set<NodeJS.Timeout>();
  const { setInterval: realSetInterval, clearInterval: realClearInterval } = globalThis;
  beforeEach(async () => {
    fixture = await MqttFixture.start();
    await fixture.remote.stop();
    globalThis.setInterval = ((...args: Parameters<typeof realSetInterval>) => {
      const timer = realSetInterval(...args);
      intervals.add(timer);
      return timer;
    }) as typeof setInterval;
    globalThis.clearInterval = (timer) => {
      realClearInterval(timer);
      if (typeof timer === 'object') intervals.delete(timer);
    };
  });
  afterEach(async () => {
    globalThis.setInterval = realSetInterval;
    globalThis.clearInterval = realClearInterval;
    for (const timer of intervals) clearInterval(timer);
    intervals.clear();
    await fixture.end();
  });

  /** Stops a remote a number of event-loop ticks after the start. */
  async function stopAfter(remote: MqttRemote, ticks: number): Promise<void> {
    const started = remote.start();
    for (let tick = 0; tick < ticks; tick += 1) await nextTick();
    await Promise.all([started, remote.stop()]);
  }

  for (const ticks of [0, 1, 2, 3, 5, 8, 13, 21, 34, 55]) {
    it(`leaves no timer and no open store when it is stopped ${ticks} ticks after the start`, async () => {
      await stopAfter(fixture.createRemote(), ticks);
      assert.equal(intervals.size, 0);
      const next = fixture.createRemote();
      await next.start();
      await next.stop();
      assert.equal(intervals.size, 0);
      assert.equal(fixture.broker.connections, 1, 'only the test client is connected');
    });
  }

  it('publishes an event that happened while it was started and stopped, after a restart', async () => {
    const remote = fixture.createRemote();
    const started = remote.start();
    const event = fixture.simulated.nextEvent('message');
    fixture.simulation.contact('Alice').say('in between').to(fixture.simulation.self);
    await event;
    await Promise.all([started, remote.stop()]);
    await fixture.restart();
    assert.equal((await fixture.client.event('message')).params.text, 'in between');
  });

  for (const [url, shown] of [
    ['http://example.org', 'http://example.org'],
    ['http://user:secret@example.org:99/secret?key=secret#secret', 'http://example.org:99/…'],
    ['mqtt://user:secret@example.org:99999/secret', 'mqtt://…'],
    ['mqtt://user:sec/ret@[secret', 'mqtt://…'],
    ['user:secret@example.org', 'user:///…'],
    ['mqtt:user:secret', 'mqtt:///…'],
    ['wss:///secret@', 'wss://…'],
    ['//user:secret@example.org/secret', '…'],
    ['secret', '…'],
    ['', '…'],
  ] as const) {
    it(`shows scheme and host of a bad URL only: ${url || 'none'}`, async () => {
      const remote = fixture.createRemote({ url });
      await assert.rejects(remote.start(), (error: Error) => {
        assert.match(error.message, /is not the address of a broker/);
        assert.doesNotMatch(error.message, /secret/);
        return error.message.startsWith(`${shown} is not`);
      });
      assert.doesNotMatch(fixture.log.join('\n') + fixture.remote.status.reason, /secret/);
      await remote.stop();
    });
  }

  it('closes the store when the start fails, and can be stopped', async () => {
    const remote = fixture.createRemote({ url: 'http://example.org' });
    await assert.rejects(remote.start(), { code: 'INVALID_PARAMS', key: 'badBroker' });
    await remote.stop();
    await fixture.restart();
    assert.equal(intervals.size, 2);
  });

  it('rejects publish before start and after stop', async () => {
    const remote = fixture.createRemote();
    await assert.rejects(remote.publish('too early', {}), { key: 'remoteStopped' });
    await remote.start();
    await remote.stop();
    await assert.rejects(remote.publish('too late', {}), { key: 'remoteStopped' });
  });
});
