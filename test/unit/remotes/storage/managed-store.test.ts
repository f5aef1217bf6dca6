import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EarlyMessages } from '../../../../src/remotes/storage/early-messages';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';
import { ManagedStore } from '../../../../src/remotes/storage/managed-store';
import { Outbox } from '../../../../src/remotes/storage/outbox';

describe('ManagedStore', () => {
  let folder: string;
  let directory: string;
  let controller: AbortController;
  let log: string[];
  let onLog: () => void;
  const opened: KeyValueStore[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'managed-store-'));
    directory = join(folder, 'remote', 'store');
    controller = new AbortController();
    log = [];
    onLog = () => undefined;
  });
  afterEach(async () => {
    controller.abort();
    await Promise.all(opened.splice(0).map((store) => store.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  const createStore = (): ManagedStore => {
    const host = {
      onStatusChange: () => undefined,
      log: (_level: string, _sentence: string, problem?: { key: string }) => {
        log.push(problem?.key ?? '');
        onLog();
      },
    };
    return new ManagedStore(directory, host, controller.signal);
  };
  const logged = (): Promise<void> =>
    new Promise((resolve) => {
      onLog = resolve;
    });

  it('reports that the store is in use, and opens it when the other one is closed', async () => {
    const first = await KeyValueStore.open(directory, ({ message }) => assert.fail(message));
    opened.push(first);
    const second = createStore();
    const isReported = logged();
    const opening = second.open();
    await isReported;
    assert.equal(second.status.problem?.key, 'storeLocked');
    await first.close();
    opened.push(await opening);
    assert.deepEqual(log, ['storeLocked', 'storeWritable']);
    assert.equal(second.status.problem, undefined);
  });

  it('reports once that the folder cannot be created, and goes on when it can', async () => {
    writeFileSync(join(folder, 'remote'), 'a file in place of the folder');
    const store = createStore();
    const isReported = logged();
    const opening = store.open();
    await isReported;
    assert.equal(store.status.problem?.key, 'storeUnwritable');
    rmSync(join(folder, 'remote'));
    opened.push(await opening);
    assert.deepEqual(log, ['storeUnwritable', 'storeWritable']);
  });

  it('ends its attempts when it is stopped', async () => {
    writeFileSync(join(folder, 'remote'), '');
    const isReported = logged();
    const opening = createStore().open();
    await isReported;
    controller.abort();
    await assert.rejects(opening, /cannot be written/);
  });

  it('creates files that only their owner may read, also in folders that were open to all', async () => {
    mkdirSync(directory, { recursive: true, mode: 0o777 });
    for (const path of [join(folder, 'remote'), directory]) chmodSync(path, 0o777);
    writeFileSync(join(directory, 'LOG'), '', { mode: 0o666 });
    chmodSync(join(directory, 'LOG'), 0o666);
    const store = await createStore().open();
    opened.push(store);
    const value = 'x'.repeat(1000);
    // Enough for several tables.
    for (let round = 0; round < 20; round += 1) {
      await store.commit(
        Array.from({ length: 1000 }, (_, index) => ({
          type: 'put' as const,
          key: `${round}!${index}`,
          value: `${value}${Math.random()}`,
        })),
      );
    }
    await store.close();
    assert.ok(readdirSync(directory).filter((name) => name.endsWith('.ldb')).length > 1);
    const modes = readdirSync(directory).map((name) => [name, statSync(join(directory, name)).mode & 0o777]);
    assert.deepEqual(
      modes.filter(([, mode]) => mode !== 0o600),
      [],
    );
    for (const path of [join(folder, 'remote'), directory]) assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  it('EarlyMessages holds a limited number, and the outbox counts the others', async () => {
    const early = new EarlyMessages();
    const total = 20_000;
    for (let index = 0; index < total; index += 1)
      early.append('events', { body: `${index} ${'x'.repeat(1000)}` });
    assert.ok(early.count > 1000 && early.count * 1000 < 5 * 1024 * 1024);
    const { count, dropped } = early;
    assert.equal(count + dropped, total);
    const store = await createStore().open();
    opened.push(store);
    const outbox = new Outbox({ store, maxBytes: Infinity, durable: false, onDropped: () => undefined });
    await outbox.open();
    early.open(outbox);
    early.append('events', { body: 'later' });
    assert.deepEqual([outbox.pending, outbox.dropped], [count + 1, dropped]);
    assert.match(outbox.next()?.message.body ?? '', new RegExp(`^${dropped} `));
  });
});

describe('Outbox, full', () => {
  it('drops each event at a constant cost, and holds no dropped one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'full-outbox-'));
    const store = await KeyValueStore.open(join(folder, 'store'), ({ message }) => assert.fail(message));
    const outbox = new Outbox({ store, maxBytes: 200_000, durable: true, onDropped: () => undefined });
    await outbox.open();
    /** CPU time for some more events, in ms; one message is in flight all the time. */
    const appendEvents = async (count: number): Promise<number> => {
      const before = process.cpuUsage();
      for (let index = 0; index < count; index += 500) {
        for (let one = 0; one < 500; one += 1) void outbox.append('events', [{ body: 'x'.repeat(100) }]);
        await outbox.append('events', [{ body: 'last' }]);
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    await outbox.append('events', [{ body: 'first' }]);
    assert.ok(outbox.next());
    await appendEvents(20_000);
    const early = await appendEvents(20_000);
    await appendEvents(120_000);
    const late = await appendEvents(20_000);
    assert.ok(outbox.pending * 100 < 200_000);
    // CPU time, not wall-clock time: an eightfold margin for other load; it was forty times as much.
    assert.ok(late < early * 8, `${early} ms, later ${late} ms`);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
