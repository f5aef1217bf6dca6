import assert from 'node:assert/strict';
import { taskKinds } from '../../../../src/remotes/wehelp/tasks/table';
import { type Data, WehelpFixture } from './fixture';

/** A pseudo-random number generator with a fixed sequence (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('TaskRunner, fuzz', () => {
  let fixture: WehelpFixture;
  before(async () => {
    fixture = await WehelpFixture.start();
  });
  after(() => fixture.stop());

  it('responds to all malformed tasks and runs all valid ones', async function () {
    this.timeout(60_000);
    const next = seededRandom(5);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
    const values = [
      null,
      true,
      -1,
      1e308,
      '',
      ' ',
      '/',
      '/.*/',
      '../../etc/passwd',
      '\u0000',
      '\ud800',
      'x'.repeat(5000),
      [],
      [[]],
      {},
      { $ne: 1 },
      'wxid_nobody',
      'v2_x@stranger',
      '<xml>',
      '__proto__',
    ];
    const apis = taskKinds.map(({ api }) => api);
    const names = [
      'wxid',
      'chatroom',
      'text',
      'imgPath',
      'filePath',
      'url',
      'fwxid',
      'v1',
      'v2',
      'wxidLists',
      'time',
      'message',
    ];
    const malformed = (): unknown => {
      if (next() < 0.2) return pick(values);
      const task: Record<string, unknown> = {};
      // Random tasks must not log the bot out.
      if (next() < 0.9)
        task.api = next() < 0.7 ? pick(apis.filter((api) => api !== 'outLogin')) : pick(values);
      if (task.api === undefined && next() < 0.5) task.code = pick([...values, 999]);
      for (let field = 0; field < 4; field += 1) task[pick(names)] = pick(values);
      return task;
    };
    const wxid = fixture.idOf('Alice');
    const total = 10_000;
    const every = 50;
    const good: string[] = [];
    for (let made = 0; made < total; made += 100) {
      const batch: unknown[] = Array.from({ length: 100 }, malformed);
      for (const place of [25, 75]) {
        const text = `good ${made + place}`;
        good.push(text);
        batch.splice(place, 0, { api: 'sendTextMessage', code: 1, wxid, text } satisfies Data);
      }
      fixture.service.enqueueTasks(...batch);
    }
    const all = total + total / every;
    const logged = fixture.log.length;
    await new Promise<void>((resolve, reject) => {
      const watching = setInterval(() => {
        if (fixture.auditRecords.length >= all && fixture.remote.status.waiting === 0) resolve();
        else return;
        clearInterval(watching);
        clearTimeout(giveUp);
      }, 50);
      const giveUp = setTimeout(() => {
        clearInterval(watching);
        const { waiting, tasks } = fixture.remote.status;
        reject(
          new Error(
            `${fixture.auditRecords.length} of ${all} handled, ${waiting} waiting, ${tasks} under way`,
          ),
        );
      }, 55_000);
    });
    assert.equal(fixture.auditRecords.length, all);
    assert.deepEqual(
      fixture.sentTexts('Alice').filter((text) => text.startsWith('good')),
      good,
    );
    const failed = fixture.auditRecords.filter(({ code }) => code === -1).length;
    const reported = fixture.service.callbacks.filter(({ type }) => type === 0).length;
    assert.ok(failed > total * 0.5, String(failed));
    assert.equal(reported, failed, 'one error callback per failure');
    assert.equal(fixture.log.length, logged, 'failures are not logged one by one');
    assert.equal(fixture.simulated.bot.state.name, 'ready');
    assert.equal(fixture.remote.status.lost, 0);
  });
});
