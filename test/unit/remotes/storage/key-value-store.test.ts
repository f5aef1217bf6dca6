import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';
import type { StoreOperation } from '../../../../src/remotes/storage/store-operation';

/** Opens a store in another process, runs code with it, and kills the process with SIGKILL. */
const runAndKill = (directory: string, work: string): void => {
  const code = `
    const { KeyValueStore } = require(${JSON.stringify(join(__dirname, '../../../../src/remotes/storage/key-value-store.ts'))});
    void KeyValueStore.open(${JSON.stringify(directory)}, () => undefined).then(async (store) => {
      ${work}
      process.kill(process.pid, 'SIGKILL');
    });`;
  const { signal, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', code], {
    encoding: 'utf8',
  });
  assert.equal(signal, 'SIGKILL', stderr);
};

const put = (key: string, value: string): StoreOperation => ({ type: 'put', key, value });

describe('KeyValueStore', () => {
  let folder: string;
  let directory: string;
  let store: KeyValueStore | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wechat-store-'));
    directory = join(folder, 'store');
  });

  afterEach(async () => {
    await store?.close();
    store = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<KeyValueStore> => {
    const problems: string[] = [];
    store = await KeyValueStore.open(directory, ({ message }) => problems.push(message));
    assert.deepEqual(problems, []);
    return store;
  };

  const allEntries = async (prefix: string): Promise<[string, string][]> => {
    const found: [string, string][] = [];
    for await (const entry of (await open()).entries(prefix)) found.push(entry);
    return found;
  };

  it('has logged changes after SIGKILL', async () => {
    runAndKill(
      directory,
      `void store.commitToLog([{ type: 'put', key: 'k!1', value: 'one' }, { type: 'put', key: 'k!2', value: 'two' }]);
       void store.commitToLog([{ type: 'del', key: 'k!1' }]);`,
    );
    assert.deepEqual(await allEntries('k!'), [['k!2', 'two']]);
  });

  it('does not restore a key deleted after it was logged', async () => {
    runAndKill(
      directory,
      `void store.commitToLog([{ type: 'put', key: 'k!1', value: 'one' }]);
       store.deleteLazily('k!1');
       await store.commit([{ type: 'put', key: 'k!2', value: 'two' }]);`,
    );
    assert.deepEqual(await allEntries('k!'), [['k!2', 'two']]);
  });

  it('reads logged changes at once', async () => {
    const opened = await open();
    await opened.commit([put('k!1', 'old')]);
    void opened.commitToLog([put('k!1', 'new')]);
    assert.equal(opened.get('k!1'), 'new');
    void opened.commitToLog([{ type: 'del', key: 'k!1' }]);
    assert.equal(opened.get('k!1'), undefined);
    await opened.close();
    assert.deepEqual(await allEntries('k!'), []);
  });

  it('skips the database for keys that are created and deleted at once', async () => {
    const opened = await open();
    void opened.commitToLog([{ type: 'put', key: 'k!1', value: 'comes and goes', isFreshKey: true }]);
    opened.deleteLazily('k!1');
    assert.equal(opened.get('k!1'), undefined);
    void opened.commitToLog([{ type: 'put', key: 'k!2', value: 'stays', isFreshKey: true }]);
    void opened.commitToLog([{ type: 'put', key: 'k!3', value: 'goes', isFreshKey: true }]);
    await opened.commit([]);
    assert.equal(opened.get('k!2'), 'stays');
    opened.deleteLazily('k!3');
    await opened.close();
    assert.deepEqual(await allEntries('k!'), [['k!2', 'stays']]);
  });

  it('does not restore a key that was created and deleted just before it was closed', async () => {
    const first = await open();
    await first.commitToLog([{ type: 'put', key: 'o!1', value: 'delivered', isFreshKey: true }]);
    first.deleteLazily('o!1');
    await first.close();
    assert.deepEqual(await allEntries('o!'), []);
  });

  it('restores values with newlines and non-ASCII characters', async () => {
    const values = ['', '\n', '[1,["k!9",1]]\nx\n', '微信 🙂', '\n\n{"a":"\\n"}\n'];
    const operations = values.map((value, index) => ({ type: 'put', key: `k!${index}`, value }));
    runAndKill(
      directory,
      `void store.commitToLog(${JSON.stringify(operations)});
       void store.commitToLog([{ type: 'put', key: 'k!last', value: 'end' }]);`,
    );
    const found = await allEntries('k!');
    assert.deepEqual(found, [...values.map((value, index) => [`k!${index}`, value]), ['k!last', 'end']]);
  });

  it('rejects when the disk is full, and keeps all acknowledged changes', async () => {
    const code = `
      const { KeyValueStore } = require(${JSON.stringify(join(__dirname, '../../../../src/remotes/storage/key-value-store.ts'))});
      void KeyValueStore.open(${JSON.stringify(directory)}, () => undefined).then(async (store) => {
        const value = 'x'.repeat(1000);
        let count = 0;
        try {
          for (; count < 10_000; count += 1)
            await store.commitToLog([{ type: 'put', key: 'k!' + String(count).padStart(5, '0'), value }]);
        } catch {
          console.log(count);
        }
        process.kill(process.pid, 'SIGKILL');
      });`;
    // No file may be larger than this, in blocks of the system; without the trap, the signal would end the process.
    const limited = `trap '' XFSZ; ulimit -f 200; exec "$0" --require tsx/cjs --eval "$1"`;
    const { stdout, stderr } = spawnSync('sh', ['-c', limited, process.execPath, code], {
      encoding: 'utf8',
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    });
    const count = Number(stdout);
    assert.ok(count > 0, stderr);
    assert.ok((await allEntries('k!')).length >= count);
  });

  it('keeps the order of logged and committed changes', async () => {
    const opened = await open();
    const value = 'x'.repeat(1000);
    for (let turn = 0; turn < 5000; turn += 1) {
      void opened.commitToLog([put('k!last', `${turn} ${value}`)]);
      if (turn % 100 === 0) void opened.commit([put('k!last', `${turn} committed`)]);
    }
    void opened.commitToLog([put('k!last', 'the end')]);
    await opened.close();
    assert.deepEqual(await allEntries('k!'), [['k!last', 'the end']]);
    // Only the number of the last write is left.
    assert.match(readFileSync(join(directory, 'journal'), 'utf8'), /^[0-9a-f]{8}\[\d+\]\n\n$/);
  });
});
