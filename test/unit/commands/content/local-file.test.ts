import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalFile } from '../../../../src/commands/content/local-file';
import { failure } from '../../../support/commanded-bot';

describe('readLocalFile', () => {
  let base: string;
  let allowed: string;
  const anywhere = { local: 'any', maxBytes: 1000 } as const;
  let inside: { local: readonly string[]; maxBytes: number };

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'local-file-'));
    allowed = join(base, 'allowed');
    inside = { local: [allowed], maxBytes: 1000 };
    await mkdir(join(allowed, 'deep'), { recursive: true });
    await writeFile(join(allowed, 'deep', 'report.txt'), 'report');
    await writeFile(join(base, 'secret.txt'), 'secret');
  });

  afterEach(() => rm(base, { recursive: true }));

  it('returns the content and the name', async () => {
    const path = join(allowed, 'deep', 'report.txt');
    const expected = { name: 'report.txt', data: Buffer.from('report') };
    assert.deepEqual(await readLocalFile(path, anywhere), expected);
    assert.deepEqual(await readLocalFile(path, inside), expected);
  });

  it('accepts an allowed folder that is a link', async () => {
    await symlink(allowed, join(base, 'shortcut'));
    const policy = { local: [join(base, 'shortcut')], maxBytes: 1000 };
    assert.equal(
      (await readLocalFile(join(base, 'shortcut', 'deep', 'report.txt'), policy)).name,
      'report.txt',
    );
  });

  it('returns the name of a link, not of its target', async () => {
    await symlink(join(allowed, 'deep', 'report.txt'), join(allowed, 'latest.txt'));
    assert.equal((await readLocalFile(join(allowed, 'latest.txt'), inside)).name, 'latest.txt');
  });

  it('rejects paths outside the allowed folders in every notation', async () => {
    await symlink(join(base, 'secret.txt'), join(allowed, 'link.txt'));
    await symlink(base, join(allowed, 'up'));
    await writeFile(join(base, 'allowed-too.txt'), 'sibling with the same beginning');
    const paths = [
      join(base, 'secret.txt'),
      `${allowed}/../secret.txt`,
      `${allowed}/deep/../../secret.txt`,
      join(allowed, 'link.txt'),
      join(allowed, 'up', 'secret.txt'),
      join(base, 'allowed-too.txt'),
    ];
    for (const path of paths) {
      await assert.rejects(readLocalFile(path, inside), failure('REFUSED', path), path);
      assert.ok((await readLocalFile(path, anywhere)).data.length > 0, path);
    }
  });

  it('does not reveal whether a file outside exists', async () => {
    await symlink(base, join(allowed, 'up'));
    for (const path of [
      join(base, 'missing.txt'),
      `${allowed}/../missing.txt`,
      join(allowed, 'up', 'missing.txt'),
    ]) {
      await assert.rejects(readLocalFile(path, inside), failure('REFUSED'), path);
    }
  });

  it('rejects every path if no folder is allowed', async () => {
    const path = join(allowed, 'deep', 'report.txt');
    await assert.rejects(readLocalFile(path, { local: [], maxBytes: 1000 }), failure('REFUSED'));
    const gone = { local: [join(base, 'no-such-folder')], maxBytes: 1000 };
    await assert.rejects(readLocalFile(path, gone), failure('REFUSED'));
  });

  it('reports a missing file', async () => {
    const path = join(allowed, 'missing.txt');
    await assert.rejects(readLocalFile(path, anywhere), failure('NOT_FOUND', path));
    await assert.rejects(readLocalFile(path, inside), failure('NOT_FOUND', path));
  });

  it('rejects a folder and, without blocking, a pipe', async () => {
    const pipe = join(allowed, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(readLocalFile(allowed, anywhere), failure('INVALID_PARAMS', allowed));
    await assert.rejects(readLocalFile(pipe, inside), failure('INVALID_PARAMS', pipe));
  });

  it('reports an unreadable file', async () => {
    const loop = join(allowed, 'loop');
    await symlink(loop, loop);
    await assert.rejects(readLocalFile(loop, anywhere), failure('FAILED', loop, 'ELOOP'));
    await assert.rejects(readLocalFile('a\0b', anywhere), failure('FAILED'));
    const locked = join(allowed, 'locked.txt');
    await writeFile(locked, 'locked');
    await chmod(locked, 0);
    // Root may read everything.
    if (process.getuid?.() === 0) assert.equal((await readLocalFile(locked, anywhere)).name, 'locked.txt');
    else await assert.rejects(readLocalFile(locked, anywhere), failure('FAILED', locked, 'EACCES'));
  });

  it('rejects a file above the limit, even if its size is unknown', async () => {
    const path = join(allowed, 'large.bin');
    await writeFile(path, Buffer.alloc(1001));
    await assert.rejects(readLocalFile(path, inside), failure('REFUSED', path, 'MB'));
    await writeFile(path, Buffer.alloc(1000));
    assert.equal((await readLocalFile(path, inside)).data.length, 1000);
    const endless = '/proc/self/smaps';
    if (process.platform === 'linux')
      await assert.rejects(readLocalFile(endless, anywhere), failure('REFUSED', endless));
  });
});
