import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Operation, Store } from '../../../../src/remotes/storage/key-value-store';

/** Opens a store, does something with it, and is killed in the next moment. */
const killed = (directory: string, work: string): void => {
  const code = `
    const { Store } = require(${JSON.stringify(join(__dirname, '../../../../src/remotes/storage/key-value-store.ts'))});
    void Store.open(${JSON.stringify(directory)}, () => undefined).then(async (store) => {
      ${work}
      process.kill(process.pid, 'SIGKILL');
    });`;
  const { signal, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', code], {
    encoding: 'utf8',
  });
  assert.equal(signal, 'SIGKILL', stderr);
};

const put = (key: string, value: string): Operation => ({ type: 'put', key, value });

describe('a store', () => {
  let folder: string;
  let directory: string;
  let store: Store | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wechat-store-'));
    directory = join(folder, 'store');
  });

  afterEach(async () => {
    await store?.close();
    store = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<Store> => {
    const problems: string[] = [];
    store = await Store.open(directory, (problem) => problems.push(problem));
    assert.deepEqual(problems, []);
    return store;
  };

  const everything = async (prefix: string): Promise<[string, string][]> => {
    const found: [string, string][] = [];
    for await (const entry of (await open()).entries(prefix)) found.push(entry);
    return found;
  };

  it('has what was recorded, though it was killed in the next moment', async () => {
    killed(
      directory,
      `void store.record([{ type: 'put', key: 'k!1', value: 'one' }, { type: 'put', key: 'k!2', value: 'two' }]);
       void store.record([{ type: 'del', key: 'k!1' }]);`,
    );
    assert.deepEqual(await everything('k!'), [['k!2', 'two']]);
  });

  it('does not bring back what was removed after it had been recorded', async () => {
    killed(
      directory,
      `void store.record([{ type: 'put', key: 'k!1', value: 'one' }]);
       store.removeSoon('k!1');
       await store.commit([{ type: 'put', key: 'k!2', value: 'two' }]);`,
    );
    assert.deepEqual(await everything('k!'), [['k!2', 'two']]);
  });

  it('reads at once what was recorded', async () => {
    const one = await open();
    await one.commit([put('k!1', 'old')]);
    void one.record([put('k!1', 'new')]);
    assert.equal(one.get('k!1'), 'new');
    void one.record([{ type: 'del', key: 'k!1' }]);
    assert.equal(one.get('k!1'), undefined);
    await one.close();
    assert.deepEqual(await everything('k!'), []);
  });

  it('spares the database what comes and goes, and nothing else', async () => {
    const one = await open();
    void one.record([{ type: 'put', key: 'k!1', value: 'comes and goes', isNew: true }]);
    one.removeSoon('k!1');
    assert.equal(one.get('k!1'), undefined);
    void one.record([{ type: 'put', key: 'k!2', value: 'stays', isNew: true }]);
    void one.record([{ type: 'put', key: 'k!3', value: 'goes', isNew: true }]);
    await one.commit([]);
    assert.equal(one.get('k!2'), 'stays');
    one.removeSoon('k!3');
    await one.close();
    assert.deepEqual(await everything('k!'), [['k!2', 'stays']]);
  });

  it('takes the journal as far as it was written', async () => {
    killed(directory, `void store.record([{ type: 'put', key: 'k!1', value: 'one' }]);`);
    appendFileSync(join(directory, 'journal'), '[2,["k!2",3]]\ntw');
    assert.deepEqual(await everything('k!'), [['k!1', 'one']]);
  });

  it('has values in full, whatever is in them', async () => {
    const values = ['', '\n', '[1,["k!9",1]]\nx\n', '微信 🙂', '\n\n{"a":"\\n"}\n'];
    const operations = values.map((value, index) => ({ type: 'put', key: `k!${index}`, value }));
    killed(
      directory,
      `void store.record(${JSON.stringify(operations)});
       void store.record([{ type: 'put', key: 'k!last', value: 'end' }]);`,
    );
    const found = await everything('k!');
    assert.deepEqual(found, [...values.map((value, index) => [`k!${index}`, value]), ['k!last', 'end']]);
  });

  it('says so when the disk is full, and keeps what it has said it had', async () => {
    const code = `
      const { Store } = require(${JSON.stringify(join(__dirname, '../../../../src/remotes/storage/key-value-store.ts'))});
      void Store.open(${JSON.stringify(directory)}, () => undefined).then(async (store) => {
        const value = 'x'.repeat(1000);
        let kept = 0;
        try {
          for (; kept < 10_000; kept += 1)
            await store.record([{ type: 'put', key: 'k!' + String(kept).padStart(5, '0'), value }]);
        } catch {
          console.log(kept);
        }
        process.kill(process.pid, 'SIGKILL');
      });`;
    // No file may be larger than this, in blocks of the system; without the trap, it would end the process.
    const limited = `trap '' XFSZ; ulimit -f 200; exec "$0" --require tsx/cjs --eval "$1"`;
    const { stdout, stderr } = spawnSync('sh', ['-c', limited, process.execPath, code], {
      encoding: 'utf8',
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    });
    const kept = Number(stdout);
    assert.ok(kept > 0, stderr);
    assert.ok((await everything('k!')).length >= kept);
  });

  it('keeps the order of all that is written, however much it is', async () => {
    const one = await open();
    const value = 'x'.repeat(1000);
    for (let turn = 0; turn < 5000; turn += 1) {
      void one.record([put('k!last', `${turn} ${value}`)]);
      if (turn % 100 === 0) void one.commit([put('k!last', `${turn} committed`)]);
    }
    void one.record([put('k!last', 'the end')]);
    await one.close();
    assert.deepEqual(await everything('k!'), [['k!last', 'the end']]);
    assert.equal(readFileSync(join(directory, 'journal'), 'utf8'), '');
  });
});
