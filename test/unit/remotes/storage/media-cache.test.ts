import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediaStore } from '../../../../src/remotes/storage/media-cache';
import { failure } from '../../../support/commanded-bot';

describe('the media store', () => {
  let folder: string;
  let now = Date.now();
  const stores: MediaStore[] = [];
  const open = (limits: { maxBytes?: number; maxAgeMs?: number } = {}): MediaStore => {
    const directory = join(folder, 'media');
    const store = new MediaStore({ directory, maxBytes: 1000, maxAgeMs: 60_000, ...limits }, () => now);
    stores.push(store);
    return store;
  };

  beforeEach(async () => {
    now = Date.now();
    folder = await mkdtemp(join(tmpdir(), 'media-'));
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await rm(folder, { recursive: true, force: true });
  });

  it('gives back what it keeps, in this life and the next', async () => {
    const { id, ...told } = await open().put(Buffer.from('figures'), '季度.PDF');
    assert.deepEqual([told.name, told.size, told.mime], ['季度.PDF', 7, 'application/pdf']);
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(await readFile(told.path, 'utf8'), 'figures');
    const found = await open().get(id);
    assert.equal(found?.name, '季度.PDF');
    assert.equal((await found.read()).toString(), 'figures');
  });

  it('keeps nothing outside its folder, whatever a name says', async () => {
    const store = open();
    for (const name of [
      '../../escape.txt',
      '/etc/passwd',
      '..',
      '',
      'a\\..\\b',
      'nul\0l',
      'x'.repeat(500),
      '图'.repeat(200),
    ]) {
      const { path } = await store.put(Buffer.from('x'), name);
      assert.ok(path.startsWith(join(folder, 'media') + '/'), path);
      assert.equal(path.slice(folder.length).split('/').length, 4, path);
    }
    assert.deepEqual(await readdir(folder), ['media']);
  });

  it('knows no ids but its own', async () => {
    const store = open();
    await mkdir(join(folder, 'media'));
    await writeFile(join(folder, 'secret'), 'secret');
    for (const id of ['..', '../secret', '', '0'.repeat(32)]) assert.equal(await store.get(id), undefined);
  });

  it('forgets the oldest when there is too much, from the disk as well', async () => {
    const store = open();
    const first = await store.put(Buffer.alloc(600), 'first');
    const second = await store.put(Buffer.alloc(600), 'second');
    assert.equal(await store.get(first.id), undefined);
    assert.ok(await store.get(second.id));
    assert.deepEqual(await readdir(join(folder, 'media')), [second.id]);
    await assert.rejects(first.read(), failure('NOT_FOUND'));
    await assert.rejects(store.put(Buffer.alloc(1001), 'huge.bin'), failure('REFUSED', 'huge.bin'));
    assert.ok(await store.get(second.id), 'what is refused drives nothing out');
  });

  it('forgets what is old', async () => {
    const store = open();
    const { id } = await store.put(Buffer.from('x'), 'old');
    now += 59_000;
    assert.ok(await store.get(id));
    now += 2_000;
    assert.equal(await store.get(id), undefined);
    await store.sweep();
    assert.deepEqual(await readdir(join(folder, 'media')), []);
  });

  it('forgets in its next life what grew old meanwhile', async () => {
    await open().put(Buffer.from('x'), 'old');
    now += 3_600_000;
    await open().put(Buffer.from('x'), 'new');
    assert.equal((await readdir(join(folder, 'media'))).length, 1);
  });

  it('takes everything along when it is removed', async () => {
    const store = open();
    await store.put(Buffer.from('x'), 'x');
    await store.close(true);
    assert.deepEqual(await readdir(folder), []);
  });
});
