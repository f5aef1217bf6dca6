import assert from 'node:assert/strict';
import { SharedTimeout } from '../../../src/util/shared-timeout';

const createError = (): Error => new Error('timed out');
const never = new Promise<never>(() => undefined);

describe('SharedTimeout', () => {
  it('passes on results and errors', async () => {
    const timeout = new SharedTimeout(10_000);
    assert.equal(await timeout.limit(Promise.resolve('here'), createError), 'here');
    await assert.rejects(timeout.limit(Promise.reject(new Error('broken')), createError), /broken/);
  });

  it('expires in order, also for promises added meanwhile', async () => {
    // Its own timer is unreferenced; this one keeps the process alive.
    const keepAlive = setInterval(() => undefined, 1_000);
    const timeout = new SharedTimeout(20);
    const ends: string[] = [];
    const first = assert
      .rejects(timeout.limit(never, createError), /timed out/)
      .then(() => ends.push('first'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = assert
      .rejects(timeout.limit(never, createError), /timed out/)
      .then(() => ends.push('second'));
    await Promise.all([first, second]);
    assert.deepEqual(ends, ['first', 'second']);
    assert.equal(await timeout.limit(Promise.resolve('again'), createError), 'again');
    await assert.rejects(timeout.limit(never, createError), /timed out/);
    clearInterval(keepAlive);
  });
});
