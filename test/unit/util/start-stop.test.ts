import assert from 'node:assert/strict';
import { StartStopGuard } from '../../../src/util/start-stop';

describe('StartStopGuard', () => {
  /** A guard that logs its calls; `start` settles when `settleStart` is called. */
  function createGuard() {
    const calls: string[] = [];
    let settleStart: (error?: Error) => void = () => undefined;
    const guard = new StartStopGuard<[removed: boolean]>(
      () =>
        new Promise((resolve, reject) => {
          calls.push('start');
          settleStart = (error) => {
            calls.push('started');
            if (error) reject(error);
            else resolve();
          };
        }),
      (removed) => {
        calls.push(`stop ${removed}`);
        return Promise.resolve();
      },
    );
    return {
      guard,
      calls,
      settleStart: (error?: Error) => {
        settleStart(error);
      },
    };
  }

  it('starts once and stops once', async () => {
    const { guard, calls, settleStart } = createGuard();
    const starts = [guard.start(), guard.start()];
    settleStart();
    await Promise.all(starts);
    await Promise.all([guard.stop(true), guard.stop(false)]);
    assert.deepEqual(calls, ['start', 'started', 'stop true']);
  });

  it('waits for a running start before it stops, and aborts the signal at once', async () => {
    const { guard, calls, settleStart } = createGuard();
    const start = guard.start();
    const stop = guard.stop(false);
    assert.equal(guard.signal.aborted, true);
    settleStart();
    await Promise.all([start, stop]);
    assert.deepEqual(calls, ['start', 'started', 'stop false']);
  });

  it('stops after a start that failed', async () => {
    const { guard, calls, settleStart } = createGuard();
    const start = assert.rejects(guard.start(), /broken/);
    settleStart(new Error('broken'));
    await start;
    await guard.stop(false);
    assert.deepEqual(calls, ['start', 'started', 'stop false']);
  });

  it('rejects a start after stop', async () => {
    const { guard, calls } = createGuard();
    await guard.stop(false);
    await assert.rejects(guard.start(), /after stop/);
    assert.deepEqual(calls, ['stop false']);
  });
});
