import assert from 'node:assert/strict';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { mock } from 'node:test';
import { WechatError } from '../../../../src/bot/errors';
import { type Startable, Lifecycle } from '../../../../src/bot/session/lifecycle';
import type { BotState } from '../../../../src/bot/state';

/** A life cycle with sessions that record their stops and can be broken. */
function lifecycleWith(start: () => Promise<void>) {
  const changes = new EventEmitter<{ changed: [BotState] }>();
  const sessions: { stopped: number; end: (error: Error) => void }[] = [];
  const lifecycle = new Lifecycle({
    createSession: (end) => {
      const record = { stopped: 0, end };
      sessions.push(record);
      const session: Startable = {
        start,
        stop: () => {
          record.stopped += 1;
          return Promise.resolve();
        },
      };
      return Promise.resolve(session);
    },
    onStateChange: (state) => changes.emit('changed', state),
    onError: (error) => error.message,
    redact: (text) => text,
  });
  return { lifecycle, lives: sessions, changed: () => once(changes, 'changed') as Promise<[BotState]> };
}

/** Runs the callbacks of settled promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('Lifecycle', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it('retries forever, with jittered delays growing from 1 s to 5 min', async () => {
    const { lifecycle, lives } = lifecycleWith(() => Promise.reject(new Error('no network')));
    lifecycle.start();
    const delays: number[] = [];
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
      delays.push(waited);
    }
    assert.ok(
      delays.every((delay) => delay >= 1_000 && delay <= 300_100),
      delays.join(),
    );
    assert.ok((delays[2] ?? 0) > (delays[0] ?? 0));
    assert.ok((delays.at(-1) ?? 0) >= 150_000);
    assert.ok(new Set(delays.slice(-8)).size > 1, 'delays must be jittered');
    await lifecycle.stop();
  });

  it('resets the retry delay after a minute without errors', async () => {
    const { lifecycle, lives } = lifecycleWith(() => Promise.resolve());
    lifecycle.start();
    await settle();
    for (let failure = 0; failure < 6; failure += 1) {
      lives.at(-1)?.end(new Error('gone'));
      mock.timers.tick(300_000);
      await settle();
    }
    lifecycle.onLoggedIn({ id: 'u', name: 'U' }, true);
    mock.timers.tick(60_000);
    lives.at(-1)?.end(new Error('gone'));
    await settle();
    assert.ok(Number(lifecycle.state.reason.values.seconds) <= 2);
    await lifecycle.stop();
  });

  it('stops a broken session once, before it starts the next', async () => {
    const { lifecycle, lives } = lifecycleWith(() => Promise.resolve());
    lifecycle.start();
    await settle();
    lives[0]?.end(new Error('gone'));
    lives[0]?.end(new Error('gone again'));
    mock.timers.tick(2_000);
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

  it('does not retry after a configuration error', async () => {
    const { lifecycle, lives } = lifecycleWith(() =>
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

  it('times out a QR code after five minutes, and shows one again after login()', async () => {
    const { lifecycle, lives } = lifecycleWith(() => Promise.resolve());
    lifecycle.start();
    await settle();
    lifecycle.onQrCode();
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

  it('does not start a session stopped while it was being created', async () => {
    const { lifecycle, lives } = lifecycleWith(() => Promise.resolve());
    lifecycle.start();
    const stopped = lifecycle.stop();
    await settle();
    await stopped;
    mock.timers.tick(600_000);
    await settle();
    assert.equal(lifecycle.state.name, 'stopped');
    assert.ok(lives.every((life) => life.stopped === 1));
  });

  it('says after five seconds that a started puppet shows neither a QR code nor a login', async () => {
    const { lifecycle } = lifecycleWith(() => Promise.resolve());
    lifecycle.start();
    await settle();
    assert.equal(lifecycle.state.reason.key, 'starting');
    mock.timers.tick(5_000);
    assert.deepEqual([lifecycle.state.name, lifecycle.state.reason.key], ['starting', 'waitingForLogin']);
    lifecycle.onQrCode();
    assert.equal(lifecycle.state.name, 'scanning');
    await lifecycle.stop();
  });
});
