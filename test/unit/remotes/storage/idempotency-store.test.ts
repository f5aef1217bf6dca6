import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IdempotencyStore, fingerprintOf } from '../../../../src/remotes/storage/idempotency-store';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';

const day = 24 * 60 * 60 * 1000;

function unexpected(problem: unknown): never {
  throw new Error(`unexpected: ${String(problem)}`);
}

describe('IdempotencyStore', () => {
  let folder: string;
  let store: KeyValueStore;
  let idempotencyStore: IdempotencyStore;
  let now: number;

  const open = async (): Promise<KeyValueStore> => KeyValueStore.open(join(folder, 'store'), unexpected);
  const reopen = async () => {
    idempotencyStore.close();
    await store.close();
    store = await open();
    idempotencyStore = new IdempotencyStore(store, () => now);
    return idempotencyStore.open();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'answers-'));
    store = await open();
    now = 1_800_000_000_000;
    idempotencyStore = new IdempotencyStore(store, () => now);
    await idempotencyStore.open();
  });
  afterEach(async () => {
    idempotencyStore.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('returns the response of a completed request, also after a restart', async () => {
    assert.deepEqual(idempotencyStore.lookup('x'), { state: 'new' });
    await idempotencyStore.accept('x', 'do it', true);
    assert.deepEqual(idempotencyStore.lookup('x'), { state: 'running' });
    await store.commit(idempotencyStore.complete('x', 'done'));
    assert.deepEqual(idempotencyStore.lookup('x'), { state: 'completed', response: 'done' });
    assert.deepEqual(await reopen(), []);
    assert.deepEqual(idempotencyStore.lookup('x'), { state: 'completed', response: 'done' });
  });

  it('returns pending requests after a restart, and whether they were started', async () => {
    await idempotencyStore.accept('waits', 'one', false);
    now += 1;
    await idempotencyStore.accept('started', 'two', true);
    now += 1;
    await idempotencyStore.accept('started later', 'three', false);
    await idempotencyStore.markStarted('started later');
    assert.deepEqual(await reopen(), [
      { fingerprint: 'waits', isStarted: false, request: 'one', at: now - 2 },
      { fingerprint: 'started', isStarted: true, request: 'two', at: now - 1 },
      { fingerprint: 'started later', isStarted: true, request: 'three', at: now },
    ]);
    assert.deepEqual(idempotencyStore.lookup('started'), { state: 'running' });
  });

  it('expires responses after a day', async () => {
    await idempotencyStore.accept('x', 'do it', true);
    await store.commit(idempotencyStore.complete('x', 'done'));
    now += day - 1;
    await idempotencyStore.sweep();
    assert.equal(idempotencyStore.lookup('x').state, 'completed');
    now += 2;
    assert.equal(idempotencyStore.lookup('x').state, 'new');
    await idempotencyStore.sweep();
    now -= 10;
    assert.equal(idempotencyStore.lookup('x').state, 'new');
  });

  it('removes the oldest responses beyond its limits', async () => {
    const small = new IdempotencyStore(store, () => now, { count: 10, bytes: 1024 * 1024 });
    for (let index = 0; index < 25; index += 1) {
      now += 1;
      await small.accept(`x${index}`, '', true);
      await store.commit(small.complete(`x${index}`, String(index)));
    }
    await small.sweep();
    assert.equal(small.lookup('x14').state, 'new');
    assert.equal(small.lookup('x15').state, 'completed');
  });

  it('distinguishes requests by id, name and params', () => {
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
