import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Pace } from '../../../../src/bot/sending/send-queue';

const unlimited = { minGap: 0, jitter: 0, perMinute: 0 };

/** Lets promises that are already settled do their work. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}

describe('the pace of sends', () => {
  it('keeps the order within a conversation, even when the first takes longer', async () => {
    const pace = new Pace(unlimited);
    const sent: string[] = [];
    let letFirstGo: () => void = () => undefined;
    const first = pace.run('a', async () => {
      await new Promise<void>((resolve) => {
        letFirstGo = resolve;
      });
      sent.push('a1');
    });
    const second = pace.run('a', () => Promise.resolve(sent.push('a2')));
    await pace.run('b', () => Promise.resolve(sent.push('b1')));
    letFirstGo();
    await Promise.all([first, second]);
    assert.deepEqual(sent, ['b1', 'a1', 'a2']);
  });

  it('goes on after a send that failed', async () => {
    const pace = new Pace(unlimited);
    const failed = pace.run('a', () => Promise.reject(new Error('blocked')));
    const fine = pace.run('a', () => Promise.resolve('fine'));
    await assert.rejects(failed, /blocked/);
    assert.equal(await fine, 'fine');
    assert.equal(pace.waiting, 0);
  });

  it('turns away what waits when it is closed', async () => {
    const pace = new Pace({ minGap: 60_000, jitter: 0, perMinute: 0 });
    assert.equal(await pace.run('a', () => Promise.resolve('sent')), 'sent');
    const waiting = pace.run('b', () => Promise.resolve('too late'));
    pace.close();
    await assert.rejects(waiting, { code: 'FAILED', key: 'stoppedBeforeSend' });
  });

  it('refuses more when ten thousand wait, and loses none of those', async () => {
    const pace = new Pace({ minGap: 60_000, jitter: 0, perMinute: 0 });
    const waiting = Array.from({ length: 10_001 }, (_, index) =>
      pace.run(`c${index}`, () => Promise.resolve(index)),
    );
    const outcomes = Promise.allSettled(waiting);
    await assert.rejects(
      pace.run('one more', () => Promise.resolve()),
      { code: 'RATE_LIMITED' },
    );
    pace.close();
    const refused = (await outcomes).filter(({ status }) => status === 'rejected');
    assert.ok(refused.length >= 10_000);
  });

  describe('with limits', () => {
    beforeEach(() => {
      mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    });
    afterEach(() => {
      mock.timers.reset();
    });

    /** Starts `count` sends to different people and tells when each began, in ms. */
    async function beginnings(pace: Pace, count: number, span: number): Promise<number[]> {
      const begun: number[] = [];
      const start = Date.now();
      for (let index = 0; index < count; index += 1) {
        void pace.run(`c${index}`, () => Promise.resolve(begun.push(Date.now() - start)));
      }
      for (let elapsed = 0; elapsed <= span; elapsed += 100) {
        await settle();
        mock.timers.tick(100);
      }
      await settle();
      return begun;
    }

    it('leaves the gap between any two, with jitter', async () => {
      const begun = await beginnings(new Pace({ minGap: 1_000, jitter: 500, perMinute: 0 }), 5, 10_000);
      assert.equal(begun.length, 5);
      const gaps = begun.slice(1).map((begin, index) => begin - (begun[index] ?? 0));
      assert.ok(
        gaps.every((gap) => gap >= 900 && gap <= 1_700),
        gaps.join(),
      );
    });

    it('begins no more than so many within any minute', async () => {
      const begun = await beginnings(new Pace({ minGap: 0, jitter: 0, perMinute: 3 }), 7, 130_000);
      assert.equal(begun.length, 7);
      const overFull = begun.some((begin, index) => index >= 3 && begin - (begun[index - 3] ?? 0) < 60_000);
      assert.ok(!overFull, begun.join());
    });
  });
});
