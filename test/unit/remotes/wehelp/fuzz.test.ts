import assert from 'node:assert/strict';
import { taskKinds } from '../../../../src/remotes/wehelp/tasks';
import { type Data, Setting } from './fixture';

/** Numbers that look random and are the same every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('WeHelp tasks of a service that is out of its mind', () => {
  let setting: Setting;
  before(async () => {
    setting = await Setting.start();
  });
  after(() => setting.end());

  it('are all answered, and the good ones among them all done', async function () {
    this.timeout(60_000);
    const next = random(5);
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
      // Those that change something for good must not come about by chance.
      if (next() < 0.9)
        task.api = next() < 0.7 ? pick(apis.filter((api) => api !== 'outLogin')) : pick(values);
      if (task.api === undefined && next() < 0.5) task.code = pick([...values, 999]);
      for (let field = 0; field < 4; field += 1) task[pick(names)] = pick(values);
      return task;
    };
    const wxid = setting.id('Alice');
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
      setting.service.give(...batch);
    }
    const all = total + total / every;
    const begun = setting.log.length;
    await new Promise<void>((resolve, reject) => {
      const watching = setInterval(() => {
        if (setting.handled.length >= all && setting.remote.status.waiting === 0) resolve();
        else return;
        clearInterval(watching);
        clearTimeout(giveUp);
      }, 50);
      const giveUp = setTimeout(() => {
        clearInterval(watching);
        const { waiting, tasks } = setting.remote.status;
        reject(
          new Error(`${setting.handled.length} of ${all} handled, ${waiting} waiting, ${tasks} under way`),
        );
      }, 55_000);
    });
    assert.equal(setting.handled.length, all);
    assert.deepEqual(
      setting.said('Alice').filter((text) => text.startsWith('good')),
      good,
    );
    const failed = setting.handled.filter(({ code }) => code === -1).length;
    const told = setting.service.taken.filter(({ type }) => type === 0).length;
    assert.ok(failed > total * 0.5, String(failed));
    assert.equal(told, failed, 'each failure is told, once');
    assert.equal(setting.log.length, begun, 'nobody is told of every one of them in the log');
    assert.equal(setting.simulated.bot.state.name, 'ready');
    assert.equal(setting.remote.status.lost, 0);
  });
});
