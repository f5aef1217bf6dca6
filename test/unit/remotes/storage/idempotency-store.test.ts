import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Answers, fingerprintOf } from '../../../../src/remotes/storage/idempotency-store';
import { Store } from '../../../../src/remotes/storage/key-value-store';

const day = 24 * 60 * 60 * 1000;

function unexpected(problem: unknown): never {
  throw new Error(`unexpected: ${String(problem)}`);
}

describe('the book of answers', () => {
  let folder: string;
  let store: Store;
  let answers: Answers;
  let now: number;

  const open = async (): Promise<Store> => Store.open(join(folder, 'store'), unexpected);
  const reopen = async () => {
    answers.close();
    await store.close();
    store = await open();
    answers = new Answers(store, () => now);
    return answers.open();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'answers-'));
    store = await open();
    now = 1_800_000_000_000;
    answers = new Answers(store, () => now);
    await answers.open();
  });
  afterEach(async () => {
    answers.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('knows what was asked, and what was answered, in this life and the next', async () => {
    assert.deepEqual(answers.look('x'), { state: 'new' });
    await answers.accept('x', 'do it', true);
    assert.deepEqual(answers.look('x'), { state: 'running' });
    await store.commit(answers.finish('x', 'done'));
    assert.deepEqual(answers.look('x'), { state: 'answered', answer: 'done' });
    assert.deepEqual(await reopen(), []);
    assert.deepEqual(answers.look('x'), { state: 'answered', answer: 'done' });
  });

  it('tells the next life what was not finished, and whether it was begun', async () => {
    await answers.accept('waits', 'one', false);
    now += 1;
    await answers.accept('begun', 'two', true);
    now += 1;
    await answers.accept('begun later', 'three', false);
    await answers.begin('begun later');
    assert.deepEqual(await reopen(), [
      { fingerprint: 'waits', begun: false, request: 'one', at: now - 2 },
      { fingerprint: 'begun', begun: true, request: 'two', at: now - 1 },
      { fingerprint: 'begun later', begun: true, request: 'three', at: now },
    ]);
    assert.deepEqual(answers.look('begun'), { state: 'running' });
  });

  it('forgets after a day, and not before', async () => {
    await answers.accept('x', 'do it', true);
    await store.commit(answers.finish('x', 'done'));
    now += day - 1;
    await answers.sweep();
    assert.equal(answers.look('x').state, 'answered');
    now += 2;
    assert.equal(answers.look('x').state, 'new');
    await answers.sweep();
    now -= 10;
    assert.equal(answers.look('x').state, 'new');
  });

  it('forgets the oldest early where there is too much', async () => {
    const small = new Answers(store, () => now, { count: 10, bytes: 1024 * 1024 });
    for (let index = 0; index < 25; index += 1) {
      now += 1;
      await small.accept(`x${index}`, '', true);
      await store.commit(small.finish(`x${index}`, String(index)));
    }
    await small.sweep();
    assert.equal(small.look('x14').state, 'new');
    assert.equal(small.look('x15').state, 'answered');
  });

  it('tells requests apart by id, name and params', () => {
    const [one, ...others] = [
      ['1', 'say', { a: 1 }],
      ['2', 'say', { a: 1 }],
      ['1', 'ask', { a: 1 }],
      ['1', 'say', { a: 2 }],
    ].map(([id, name, params]) => fingerprintOf(id as string, name as string, params));
    assert.ok(!others.includes(one ?? ''));
    assert.equal(fingerprintOf('1', 'say', { a: 1 }), one);
  });
});
