import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Outbox, type OutboxOptions, type PendingMessage } from '../../../../src/remotes/storage/outbox';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';

function unexpected(problem: unknown): never {
  throw new Error(`unexpected: ${String(problem)}`);
}

describe('Outbox', () => {
  let folder: string;
  let store: KeyValueStore;
  let dropped: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outbox-'));
    store = await open();
    dropped = 0;
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (): Promise<KeyValueStore> => KeyValueStore.open(join(folder, 'store'), unexpected);

  async function openOutbox(changes: Partial<OutboxOptions> = {}): Promise<Outbox> {
    const outbox = new Outbox({
      store,
      maxBytes: 1024 * 1024,
      durable: true,
      onDropped: (count) => {
        dropped += count;
      },
      ...changes,
    });
    await outbox.open();
    return outbox;
  }

  function nextAll(outbox: Outbox): PendingMessage[] {
    const messages: PendingMessage[] = [];
    for (let message = outbox.next(); message; message = outbox.next()) messages.push(message);
    return messages;
  }

  const bodies = (messages: readonly PendingMessage[]): string[] =>
    messages.map(({ message }) => message.body);

  const createMessages = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({ body: `{"n":${from + index}}` }));

  it('returns messages in order, responses first and heartbeats last', async () => {
    const outbox = await openOutbox();
    await Promise.all([
      outbox.append('heartbeats', [{ body: '{"h":1}' }]),
      outbox.append('events', createMessages(0, 3)),
      outbox.appendResponse([{ body: '{"a":1}', topic: 't', correlation: 'Yw==' }]),
    ]);
    const messages = nextAll(outbox);
    assert.deepEqual(bodies(messages), ['{"a":1}', '{"n":0}', '{"n":1}', '{"n":2}', '{"h":1}']);
    assert.deepEqual(messages[0]?.message, { body: '{"a":1}', topic: 't', correlation: 'Yw==' });
  });

  it('returns unacknowledged messages again after requeueUnacknowledged', async () => {
    const outbox = await openOutbox();
    await outbox.append('events', createMessages(0, 5));
    for (const message of nextAll(outbox).slice(0, 2)) outbox.acknowledge(message);
    assert.equal(outbox.next(), undefined);
    outbox.requeueUnacknowledged();
    assert.deepEqual(bodies(nextAll(outbox)), ['{"n":2}', '{"n":3}', '{"n":4}']);
    assert.equal(outbox.pending, 3);
  });

  it('returns unacknowledged messages after a restart', async () => {
    const outbox = await openOutbox();
    const response = { body: '{"a":1}', topic: 'a/b', correlation: 'Yw==' };
    await outbox.append('events', createMessages(0, 600));
    await outbox.appendResponse([response]);
    const [, ...events] = nextAll(outbox);
    for (const message of events.slice(0, 300)) outbox.acknowledge(message);
    await store.close();
    store = await open();
    const next = await openOutbox();
    const [first, ...found] = nextAll(next);
    assert.deepEqual(first?.message, response);
    // Whole segments are deleted: some messages are returned twice, none is missing.
    assert.deepEqual(bodies(found), bodies(events.slice(256)));
    for (const message of [first, ...found]) next.acknowledge(message);
    await store.close();
    store = await open();
    assert.equal((await openOutbox()).pending, 0);
  });

  it('drops heartbeats first, then the oldest events, and counts them over all runs', async () => {
    const outbox = await openOutbox({ maxBytes: 2000 });
    await outbox.append('heartbeats', [{ body: '{"h":1}' }]);
    for (let index = 0; index < 10; index += 1) {
      await outbox.append('events', [{ body: JSON.stringify({ index, filling: 'x'.repeat(300) }) }]);
    }
    const found = nextAll(outbox);
    assert.ok(!bodies(found).includes('{"h":1}'));
    assert.match(found.at(-1)?.message.body ?? '', /"index":9/);
    assert.equal(found.length + dropped, 11);
    assert.ok(dropped >= 5);
    await store.close();
    store = await open();
    assert.equal((await openOutbox({ maxBytes: 2000 })).dropped, dropped);
  });

  it('keeps the order of single messages and bursts, also after a restart', async () => {
    const outbox = await openOutbox({ maxBytes: 64 * 1024 * 1024 });
    const large = 'x'.repeat(100_000);
    const expected: string[] = [];
    const written: Promise<void>[] = [];
    for (const burst of [1, 700, 1, 1, 300, 2, 900, 1, 1, 50]) {
      for (const { body } of createMessages(expected.length, expected.length + burst)) {
        // Some are too large for the write-ahead log.
        const outgoing = { body: expected.length % 50 === 49 ? JSON.stringify([body, large]) : body };
        expected.push(outgoing.body);
        written.push(outbox.append('events', [outgoing]));
      }
      await turn();
    }
    await Promise.all(written);
    assert.deepEqual(bodies(nextAll(outbox)), expected);
    await store.close();
    store = await open();
    assert.deepEqual(bodies(nextAll(await openOutbox())), expected);
  });

  it('keeps messages on disk beyond its memory limit', async () => {
    const outbox = await openOutbox({ maxBytes: 64 * 1024 * 1024 });
    const body = (index: number) => JSON.stringify({ index, filling: 'x'.repeat(10_000) });
    for (let index = 0; index < 2000; index += 1) void outbox.append('events', [{ body: body(index) }]);
    await outbox.append('events', [{ body: body(2000) }]);
    for (let index = 0; index <= 2000; index += 1) {
      const message = outbox.next();
      assert.equal(message?.message.body, body(index));
      outbox.acknowledge(message);
    }
    assert.equal(outbox.pending, 0);
  });

  it('keeps events in memory only when it is not durable', async () => {
    const outbox = await openOutbox({ durable: false });
    await outbox.append('events', createMessages(0, 3));
    assert.deepEqual(bodies(nextAll(outbox)), ['{"n":0}', '{"n":1}', '{"n":2}']);
    const next = await openOutbox({ durable: false });
    assert.equal(next.pending, 0);
  });

  it('counts dropped messages once', async () => {
    const outbox = await openOutbox();
    await outbox.append('events', createMessages(0, 1));
    const message = outbox.next();
    assert.ok(message);
    outbox.drop(message);
    outbox.acknowledge(message);
    assert.deepEqual([outbox.pending, dropped], [0, 1]);
  });
});
