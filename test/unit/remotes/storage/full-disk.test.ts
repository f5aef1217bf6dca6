import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WechatError } from '../../../../src/bot/errors';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';
import { Outbox } from '../../../../src/remotes/storage/outbox';
import type { StoreOperation } from '../../../../src/remotes/storage/store-operation';
import { SmallDisk } from '../../../support/small-disk';

/** Copies the folder of an open database, which may delete a file meanwhile. */
function copyLive(from: string, to: string): void {
  for (;;) {
    try {
      cpSync(from, to, { recursive: true });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      rmSync(to, { recursive: true, force: true });
    }
  }
}

describe('KeyValueStore on a full disk', () => {
  let disk: SmallDisk;
  let directory: string;
  let store: KeyValueStore;
  let problems: string[];

  beforeEach(async () => {
    disk = SmallDisk.create(40);
    directory = join(disk.directory, 'remote', 'store');
    await open();
  });
  afterEach(async () => {
    disk.clear();
    await store.close();
    disk.remove();
  });

  const open = async (): Promise<void> => {
    problems = [];
    store = await KeyValueStore.open(directory, ({ key }: WechatError) => problems.push(key));
  };
  const put = (key: string): StoreOperation => ({ type: 'put', key, value: `${key} ${'x'.repeat(2000)}` });
  const whenRecovered = (): Promise<void> =>
    new Promise((resolve) => {
      store.onRecovered = resolve;
    });
  /** Fills the disk, and writes until that fails. */
  const fillDisk = async (): Promise<string[]> => {
    const written: string[] = [];
    disk.fill();
    await assert.rejects(async () => {
      for (let index = 0; index < 5000; index += 1) {
        await store.commit([put(`before!${index}`)]);
        written.push(`before!${index}`);
      }
    });
    assert.deepEqual(problems, ['storeUnwritable']);
    return written;
  };
  /** The keys that a process finds after this one was killed. */
  const keysAfterKill = async (prefix: string): Promise<string[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'after-kill-'));
    const copy = join(folder, 'store');
    copyLive(directory, copy);
    const opened = await KeyValueStore.open(copy, () => undefined);
    const keys: string[] = [];
    for await (const [key] of opened.entries(prefix)) keys.push(key);
    await opened.close();
    rmSync(folder, { recursive: true });
    return keys;
  };

  for (const method of ['commit', 'commitToLog'] as const) {
    it(`has all that ${method} confirmed before, and after space is free again`, async () => {
      const before = await fillDisk();
      disk.clear();
      await whenRecovered();
      const after = Array.from({ length: 50 }, (_, index) => `after!${index}`);
      await Promise.all(after.map((key) => store[method]([put(key)])));
      assert.deepEqual(new Set(await keysAfterKill('after!')), new Set(after));
      assert.deepEqual(new Set(await keysAfterKill('before!')), new Set(before));
      assert.deepEqual(problems, ['storeUnwritable', 'storeWritable']);
    });
  }

  it('writes, discards or waits as each commit demands', async () => {
    await fillDisk();
    await assert.rejects(store.commit([put('k!discard')]), /cannot be written/);
    await assert.rejects(store.commit([put('k!retry')], 'retry'), /cannot be written/);
    const waiting = store.commit([put('k!wait')], 'wait');
    disk.clear();
    await waiting;
    assert.deepEqual(await keysAfterKill('k!'), ['k!retry', 'k!wait']);
  });

  it('can be read, and opened, while the disk is full', async () => {
    const [first = ''] = await fillDisk();
    assert.match(store.get(first) ?? '', /^before!0/);
    await store.close();
    await open();
    assert.match(store.get(first) ?? '', /^before!0/);
  });

  it('is repaired again and again, and does not fill the disk with what is damaged', async () => {
    const random = (): string => Array.from({ length: 100 }, () => Math.random().toString(36)).join('');
    for (let index = 0; index < 1500; index += 1)
      await store.commit([{ type: 'put', key: `k!${index}`, value: random() }]);
    for (let round = 0; round < 40; round += 1) {
      await store.commit(
        Array.from({ length: 500 }, (_, index) => ({ type: 'put', key: `r!${index}`, value: random() })),
      );
      await store.close();
      rmSync(join(directory, 'CURRENT'));
      await open();
      assert.deepEqual([...new Set(problems)], ['storeDamaged'], `round ${round}`);
    }
    const lost = join(directory, 'lost');
    const sizes = readdirSync(lost).map((name) => statSync(join(lost, name)).size);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(bytes > 0 && bytes <= 8 * 1024 * 1024, String(bytes));
    assert.equal((await keysAfterKill('k!')).length, 1500);
  });

  it('rejects what waits when it is closed', async () => {
    await fillDisk();
    const waiting = assert.rejects(store.commit([put('k!wait')], 'wait'));
    await store.close();
    await waiting;
    await assert.rejects(store.commit([put('k!late')]), /closed/);
  });

  it('returns the space of messages that have left to the disk', async () => {
    const outbox = new Outbox({ store, maxBytes: Infinity, durable: true, onDropped: () => assert.fail() });
    await outbox.open();
    const random = (): string => Array.from({ length: 600 }, () => Math.random().toString(36)).join('');
    let count = 0;
    // Nothing but the outbox fills this disk.
    await assert.rejects(async () => {
      for (; count < 5000; count += 1) await outbox.append('events', [{ body: `${count} ${random()}` }]);
    });
    count += 1;
    const recovered = whenRecovered();
    for (let index = 0; index < count; index += 1) {
      const message = outbox.next();
      assert.equal(message?.message.body.split(' ')[0], String(index));
      outbox.acknowledge(message);
    }
    await recovered;
    await outbox.append('events', [{ body: 'again' }]);
    assert.deepEqual(await keysAfterKill('o!').then((keys) => keys.length), 1);
  });
});
