import assert from 'node:assert/strict';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { mock } from 'node:test';
import { WechatError } from '../../../../src/bot/errors';
import { type Life, Lifecycle } from '../../../../src/bot/session/lifecycle';
import type { BotState } from '../../../../src/bot/state';

/** A life cycle over connections that a test starts, breaks and watches. */
function lifecycleOn(start: () => Promise<void>) {
  const changes = new EventEmitter<{ changed: [BotState] }>();
  const lives: { stopped: number; end: (error: Error) => void }[] = [];
  const lifecycle = new Lifecycle({
    open: (end) => {
      const record = { stopped: 0, end };
      lives.push(record);
      const life: Life = {
        start,
        stop: () => {
          record.stopped += 1;
          return Promise.resolve();
        },
      };
      return Promise.resolve(life);
    },
    changed: (state) => changes.emit('changed', state),
    failed: (error) => error.message,
  });
  return { lifecycle, lives, changed: () => once(changes, 'changed') as Promise<[BotState]> };
}

/** Lets promises that are already settled do their work. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('the life cycle of a bot', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it('tries for ever, with pauses from 1 s to 5 min that grow and vary', async () => {
    const { lifecycle, lives } = lifecycleOn(() => Promise.reject(new Error('no network')));
    lifecycle.start();
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 30; attempt += 1) {
      await settle();
      assert.equal(lifecycle.state.name, 'restarting');
      assert.match(lifecycle.state.reason.values.error as string, /no network/);
      let waited = 0;
      while (lives.length === attempt + 1 && waited < 400_000) {
        mock.timers.tick(100);
        waited += 100;
        await settle();
      }
      pauses.push(waited);
    }
    assert.ok(
      pauses.every((pause) => pause >= 1_000 && pause <= 300_100),
      pauses.join(),
    );
    assert.ok((pauses[2] ?? 0) > (pauses[0] ?? 0));
    assert.ok((pauses.at(-1) ?? 0) >= 150_000);
    assert.ok(new Set(pauses.slice(-8)).size > 1, 'bots must not all come back at the same moment');
    await lifecycle.stop();
  });

  it('begins with a short pause again after a minute of health', async () => {
    const { lifecycle, lives } = lifecycleOn(() => Promise.resolve());
    lifecycle.start();
    await settle();
    for (let failure = 0; failure < 6; failure += 1) {
      lives.at(-1)?.end(new Error('gone'));
      mock.timers.tick(300_000);
      await settle();
    }
    lifecycle.loggedIn({ id: 'u', name: 'U' }, true);
    mock.timers.tick(60_000);
    lives.at(-1)?.end(new Error('gone'));
    await settle();
    assert.equal(lifecycle.state.reason.values.seconds, 1);
    await lifecycle.stop();
  });

  it('ends the broken connection before it opens the next, and never twice', async () => {
    const { lifecycle, lives } = lifecycleOn(() => Promise.resolve());
    lifecycle.start();
    await settle();
    lives[0]?.end(new Error('gone'));
    lives[0]?.end(new Error('gone again'));
    mock.timers.tick(1_000);
    await settle();
    assert.deepEqual(
      lives.map(({ stopped }) => stopped),
      [1, 0],
    );
    await lifecycle.stop();
    await lifecycle.stop();
    assert.deepEqual(
      lives.map(({ stopped }) => stopped),
      [1, 1],
    );
  });

  it('stays failed when only a person can help', async () => {
    const { lifecycle, lives } = lifecycleOn(() =>
      Promise.reject(new WechatError('INVALID_PARAMS', 'optionsNotJson', { error: 'x' })),
    );
    lifecycle.start();
    await settle();
    mock.timers.tick(3_600_000);
    await settle();
    assert.equal(lifecycle.state.name, 'failed');
    assert.equal(lives.length, 1);
    lifecycle.start();
    await settle();
    assert.equal(lives.length, 2);
  });

  it('takes a QR code down after five minutes, and shows one again when asked', async () => {
    const { lifecycle, lives } = lifecycleOn(() => Promise.resolve());
    lifecycle.start();
    await settle();
    lifecycle.scanning();
    mock.timers.tick(299_000);
    assert.equal(lifecycle.state.name, 'scanning');
    mock.timers.tick(1_000);
    await settle();
    assert.equal(lifecycle.state.name, 'login-required');
    assert.equal(lifecycle.state.reason.key, 'qrExpired');
    assert.equal(lives[0]?.stopped, 1);
    lifecycle.login();
    await settle();
    assert.equal(lives.length, 2);
    assert.equal(lifecycle.state.name, 'starting');
    await lifecycle.stop();
  });

  it('does not start what was stopped while it was still being opened', async () => {
    const { lifecycle, lives } = lifecycleOn(() => Promise.resolve());
    lifecycle.start();
    const stopped = lifecycle.stop();
    await settle();
    await stopped;
    mock.timers.tick(600_000);
    await settle();
    assert.equal(lifecycle.state.name, 'stopped');
    assert.ok(lives.every((life) => life.stopped === 1));
  });
});
