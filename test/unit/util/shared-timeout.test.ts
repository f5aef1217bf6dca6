import assert from 'node:assert/strict';
import { SharedTimeout } from '../../../src/util/shared-timeout';

const late = (): Error => new Error('late');
const never = new Promise<never>(() => undefined);

describe('patience with a puppet', () => {
  it('passes on what was waited for, and what went wrong', async () => {
    const patience = new SharedTimeout(10_000);
    assert.equal(await patience.within(Promise.resolve('here'), late), 'here');
    await assert.rejects(patience.within(Promise.reject(new Error('broken')), late), /broken/);
  });

  it('ends for each wait in turn, also for one that began while another was waited for', async () => {
    // Its timer lets a process end; this one must live until the waits are over.
    const alive = setInterval(() => undefined, 1_000);
    const patience = new SharedTimeout(20);
    const ends: string[] = [];
    const first = assert.rejects(patience.within(never, late), /late/).then(() => ends.push('first'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = assert.rejects(patience.within(never, late), /late/).then(() => ends.push('second'));
    await Promise.all([first, second]);
    assert.deepEqual(ends, ['first', 'second']);
    assert.equal(await patience.within(Promise.resolve('again'), late), 'again');
    await assert.rejects(patience.within(never, late), /late/);
    clearInterval(alive);
  });
});
