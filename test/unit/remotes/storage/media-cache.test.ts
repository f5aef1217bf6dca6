import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediaCache } from '../../../../src/remotes/storage/media-cache';
import { failure } from '../../../support/commanded-bot';

describe('MediaCache', () => {
  let folder: string;
  let now = Date.now();
  const caches: MediaCache[] = [];
  const open = (limits: { maxBytes?: number; maxAgeMs?: number } = {}): MediaCache => {
    const directory = join(folder, 'media');
    const cache = new MediaCache({ directory, maxBytes: 1000, maxAgeMs: 60_000, ...limits }, () => now);
    caches.push(cache);
    return cache;
  };

  beforeEach(async () => {
    now = Date.now();
    folder = await mkdtemp(join(tmpdir(), 'media-'));
  });
  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()));
    await rm(folder, { recursive: true, force: true });
  });

  it('returns stored files, also after a restart', async () => {
    const { id, ...file } = await open().put(Buffer.from('figures'), '季度.PDF');
    assert.deepEqual([file.name, file.size, file.mime], ['季度.PDF', 7, 'application/pdf']);
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(await readFile(file.path, 'utf8'), 'figures');
    const found = await open().get(id);
    assert.equal(found?.name, '季度.PDF');
    assert.equal((await found.read()).toString(), 'figures');
  });

  it('restricts files of a previous run to their owner', async () => {
    const { id, path } = await open().put(Buffer.from('x'), 'a.txt');
    const paths = [join(folder, 'media'), join(folder, 'media', id), path];
    for (const one of paths) await chmod(one, 0o777);
    await open().get(id);
    const modes = await Promise.all(paths.map(async (one) => (await stat(one)).mode & 0o777));
    assert.deepEqual(modes, [0o700, 0o700, 0o600]);
  });

  it('caches nothing outside its folder, whatever the name', async () => {
    const cache = open();
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
      const { path } = await cache.put(Buffer.from('x'), name);
      assert.ok(path.startsWith(join(folder, 'media') + '/'), path);
      assert.equal(path.slice(folder.length).split('/').length, 4, path);
    }
    assert.deepEqual(await readdir(folder), ['media']);
  });

  it('rejects ids that are not its own', async () => {
    const cache = open();
    await mkdir(join(folder, 'media'));
    await writeFile(join(folder, 'secret'), 'secret');
    for (const id of ['..', '../secret', '', '0'.repeat(32)]) assert.equal(await cache.get(id), undefined);
  });

  it('evicts the oldest files beyond the size limit', async () => {
    const cache = open();
    const first = await cache.put(Buffer.alloc(600), 'first');
    const second = await cache.put(Buffer.alloc(600), 'second');
    assert.equal(await cache.get(first.id), undefined);
    assert.ok(await cache.get(second.id));
    assert.deepEqual(await readdir(join(folder, 'media')), [second.id]);
    await assert.rejects(first.read(), failure('NOT_FOUND'));
    await assert.rejects(cache.put(Buffer.alloc(1001), 'huge.bin'), failure('REFUSED', 'huge.bin'));
    assert.ok(await cache.get(second.id), 'a rejected file evicts nothing');
  });

  it('evicts files beyond the age limit', async () => {
    const cache = open();
    const { id } = await cache.put(Buffer.from('x'), 'old');
    now += 59_000;
    assert.ok(await cache.get(id));
    now += 2_000;
    assert.equal(await cache.get(id), undefined);
    await cache.evict();
    assert.deepEqual(await readdir(join(folder, 'media')), []);
  });

  it('evicts files that expired before a restart', async () => {
    await open().put(Buffer.from('x'), 'old');
    now += 3_600_000;
    await open().put(Buffer.from('x'), 'new');
    assert.equal((await readdir(join(folder, 'media'))).length, 1);
  });

  it('deletes all files when it is removed', async () => {
    const cache = open();
    await cache.put(Buffer.from('x'), 'x');
    await cache.close(true);
    assert.deepEqual(await readdir(folder), []);
  });
});
