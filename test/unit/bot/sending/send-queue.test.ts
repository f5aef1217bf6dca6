import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { SendQueue } from '../../../../src/bot/sending/send-queue';

const unlimited = { minGap: 0, jitter: 0, perMinute: 0 };

/** Runs the callbacks of settled promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}

describe('SendQueue', () => {
  it('keeps the order within a conversation, even when the first takes longer', async () => {
    const queue = new SendQueue(unlimited);
    const sent: string[] = [];
    let releaseFirst: () => void = () => undefined;
    const first = queue.run('a', async () => {
      await new Promise<void>((resolve) => {
        releaseFirst = resolve;
      });
      sent.push('a1');
    });
    const second = queue.run('a', () => Promise.resolve(sent.push('a2')));
    await queue.run('b', () => Promise.resolve(sent.push('b1')));
    releaseFirst();
    await Promise.all([first, second]);
    assert.deepEqual(sent, ['b1', 'a1', 'a2']);
  });

  it('continues after a failed send', async () => {
    const queue = new SendQueue(unlimited);
    const failed = queue.run('a', () => Promise.reject(new Error('blocked')));
    const fine = queue.run('a', () => Promise.resolve('fine'));
    await assert.rejects(failed, /blocked/);
    assert.equal(await fine, 'fine');
    assert.equal(queue.queued, 0);
  });

  it('rejects queued sends when closed', async () => {
    const queue = new SendQueue({ minGap: 60_000, jitter: 0, perMinute: 0 });
    assert.equal(await queue.run('a', () => Promise.resolve('sent')), 'sent');
    const queued = queue.run('b', () => Promise.resolve('closed'));
    queue.close();
    await assert.rejects(queued, { code: 'FAILED', key: 'stoppedBeforeSend' });
  });

  it('rejects sends beyond ten thousand, and settles all queued ones', async () => {
    const queue = new SendQueue({ minGap: 60_000, jitter: 0, perMinute: 0 });
    const queued = Array.from({ length: 10_001 }, (_, index) =>
      queue.run(`c${index}`, () => Promise.resolve(index)),
    );
    const outcomes = Promise.allSettled(queued);
    await assert.rejects(
      queue.run('one more', () => Promise.resolve()),
      { code: 'RATE_LIMITED' },
    );
    queue.close();
    const refused = (await outcomes).filter(({ status }) => status === 'rejected');
    assert.ok(refused.length >= 10_000);
  });

  it('keeps its limits when the clock is set back or forward', async () => {
    mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
    try {
      const queue = new SendQueue({ minGap: 5, jitter: 0, perMinute: 0 });
      for (const jump of [0, -3_600_000, 3_600_000, -86_400_000]) {
        mock.timers.setTime(1_800_000_000_000 + jump);
        assert.equal(await queue.run('a', () => Promise.resolve('sent')), 'sent');
      }
    } finally {
      mock.timers.reset();
    }
  });

  describe('rate limits', () => {
    beforeEach(() => {
      mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    });
    afterEach(() => {
      mock.timers.reset();
    });

    /** The start times, in ms, of `count` sends to different conversations. */
    async function startTimes(queue: SendQueue, count: number, span: number): Promise<number[]> {
      const starts: number[] = [];
      const start = Date.now();
      for (let index = 0; index < count; index += 1) {
        void queue.run(`c${index}`, () => Promise.resolve(starts.push(Date.now() - start)));
      }
      for (let elapsed = 0; elapsed <= span; elapsed += 100) {
        await settle();
        mock.timers.tick(100);
      }
      await settle();
      return starts;
    }

    it('keeps the jittered gap between any two sends', async () => {
      const begun = await startTimes(
        new SendQueue({ minGap: 1_000, jitter: 500, perMinute: 0 }, Date.now),
        5,
        10_000,
      );
      assert.equal(begun.length, 5);
      const gaps = begun.slice(1).map((start, index) => start - (begun[index] ?? 0));
      assert.ok(
        gaps.every((gap) => gap >= 900 && gap <= 1_700),
        gaps.join(),
      );
    });

    it('starts at most perMinute sends within any minute', async () => {
      const begun = await startTimes(
        new SendQueue({ minGap: 0, jitter: 0, perMinute: 3 }, Date.now),
        7,
        130_000,
      );
      assert.equal(begun.length, 7);
      const overFull = begun.some((start, index) => index >= 3 && start - (begun[index - 3] ?? 0) < 60_000);
      assert.ok(!overFull, begun.join());
    });
  });
});
