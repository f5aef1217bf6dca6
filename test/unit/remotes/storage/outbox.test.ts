import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Outbox, type OutboxOptions, type Parcel } from '../../../../src/remotes/storage/outbox';
import { Store } from '../../../../src/remotes/storage/key-value-store';

function unexpected(problem: unknown): never {
  throw new Error(`unexpected: ${String(problem)}`);
}

describe('an outbox', () => {
  let folder: string;
  let store: Store;
  let lost: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outbox-'));
    store = await open();
    lost = 0;
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (): Promise<Store> => Store.open(join(folder, 'store'), unexpected);

  async function outboxWith(changes: Partial<OutboxOptions> = {}): Promise<Outbox> {
    const outbox = new Outbox({
      store,
      maxBytes: 1024 * 1024,
      durable: true,
      onLoss: (count) => {
        lost += count;
      },
      onUnwritable: unexpected,
      ...changes,
    });
    await outbox.open();
    return outbox;
  }

  function takeAll(outbox: Outbox): Parcel[] {
    const parcels: Parcel[] = [];
    for (let parcel = outbox.take(); parcel; parcel = outbox.take()) parcels.push(parcel);
    return parcels;
  }

  const bodies = (parcels: readonly Parcel[]): string[] => parcels.map(({ letter }) => letter.body);

  const letters = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({ body: `{"n":${from + index}}` }));

  it('hands over in order, answers first and heartbeats last', async () => {
    const outbox = await outboxWith();
    await Promise.all([
      outbox.append('heartbeats', [{ body: '{"h":1}' }]),
      outbox.append('events', letters(0, 3)),
      outbox.answer([{ body: '{"a":1}', topic: 't', correlation: 'Yw==' }]),
    ]);
    const parcels = takeAll(outbox);
    assert.deepEqual(bodies(parcels), ['{"a":1}', '{"n":0}', '{"n":1}', '{"n":2}', '{"h":1}']);
    assert.deepEqual(parcels[0]?.letter, { body: '{"a":1}', topic: 't', correlation: 'Yw==' });
  });

  it('hands over again, after a break, what was not acknowledged', async () => {
    const outbox = await outboxWith();
    await outbox.append('events', letters(0, 5));
    for (const parcel of takeAll(outbox).slice(0, 2)) outbox.acknowledge(parcel);
    assert.equal(outbox.take(), undefined);
    outbox.rewind();
    assert.deepEqual(bodies(takeAll(outbox)), ['{"n":2}', '{"n":3}', '{"n":4}']);
    assert.equal(outbox.waiting, 3);
  });

  it('finds in its next life what was not acknowledged', async () => {
    const outbox = await outboxWith();
    const answer = { body: '{"a":1}', topic: 'a/b', correlation: 'Yw==' };
    await outbox.append('events', letters(0, 600));
    await outbox.answer([answer]);
    const [, ...events] = takeAll(outbox);
    for (const parcel of events.slice(0, 300)) outbox.acknowledge(parcel);
    await store.close();
    store = await open();
    const next = await outboxWith();
    const [first, ...found] = takeAll(next);
    assert.deepEqual(first?.letter, answer);
    // Whole blocks are forgotten: some letters come twice, none is missing.
    assert.deepEqual(bodies(found), bodies(events.slice(256)));
    for (const parcel of [first, ...found]) next.acknowledge(parcel);
    await store.close();
    store = await open();
    assert.equal((await outboxWith()).waiting, 0);
  });

  it('drops heartbeats first, then the oldest events, and counts them over all lives', async () => {
    const outbox = await outboxWith({ maxBytes: 2000 });
    await outbox.append('heartbeats', [{ body: '{"h":1}' }]);
    for (let index = 0; index < 10; index += 1) {
      await outbox.append('events', [{ body: JSON.stringify({ index, filling: 'x'.repeat(300) }) }]);
    }
    const found = takeAll(outbox);
    assert.ok(!bodies(found).includes('{"h":1}'));
    assert.match(found.at(-1)?.letter.body ?? '', /"index":9/);
    assert.equal(found.length + lost, 11);
    assert.ok(lost >= 5);
    await store.close();
    store = await open();
    assert.equal((await outboxWith({ maxBytes: 2000 })).lost, lost);
  });

  it('keeps the order, in this life and the next, whether letters come one by one or in floods', async () => {
    const outbox = await outboxWith({ maxBytes: 64 * 1024 * 1024 });
    const large = 'x'.repeat(100_000);
    const expected: string[] = [];
    const written: Promise<void>[] = [];
    for (const burst of [1, 700, 1, 1, 300, 2, 900, 1, 1, 50]) {
      for (const { body } of letters(expected.length, expected.length + burst)) {
        // Some are too large for the journal.
        const letter = { body: expected.length % 50 === 49 ? JSON.stringify([body, large]) : body };
        expected.push(letter.body);
        written.push(outbox.append('events', [letter]));
      }
      await turn();
    }
    await Promise.all(written);
    assert.deepEqual(bodies(takeAll(outbox)), expected);
    await store.close();
    store = await open();
    assert.deepEqual(bodies(takeAll(await outboxWith())), expected);
  });

  it('keeps on disk what is too much for memory', async () => {
    const outbox = await outboxWith({ maxBytes: 64 * 1024 * 1024 });
    const body = (index: number) => JSON.stringify({ index, filling: 'x'.repeat(10_000) });
    for (let index = 0; index < 2000; index += 1) void outbox.append('events', [{ body: body(index) }]);
    await outbox.append('events', [{ body: body(2000) }]);
    for (let index = 0; index <= 2000; index += 1) {
      const parcel = outbox.take();
      assert.equal(parcel?.letter.body, body(index));
      outbox.acknowledge(parcel);
    }
    assert.equal(outbox.waiting, 0);
  });

  it('keeps events in memory only, where its owner wants that', async () => {
    const outbox = await outboxWith({ durable: false });
    await outbox.append('events', letters(0, 3));
    assert.deepEqual(bodies(takeAll(outbox)), ['{"n":0}', '{"n":1}', '{"n":2}']);
    const next = await outboxWith({ durable: false });
    assert.equal(next.waiting, 0);
  });

  it('counts what nobody will ever take', async () => {
    const outbox = await outboxWith();
    await outbox.append('events', letters(0, 1));
    const parcel = outbox.take();
    assert.ok(parcel);
    outbox.giveUp(parcel);
    outbox.acknowledge(parcel);
    assert.deepEqual([outbox.waiting, lost], [0, 1]);
  });
});
