import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { readLimited } from '../../../src/util/read-limited';

describe('readLimited', () => {
  it('reads a stream up to the limit', async () => {
    const read = (...chunks: string[]) =>
      readLimited(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), 6);
    assert.equal((await read('abc', 'def'))?.toString(), 'abcdef');
    assert.equal((await read())?.length, 0);
    assert.equal(await read('abc', 'def', 'g'), undefined);
  });

  it('stops reading at the limit', async () => {
    let chunks = 0;
    const endless = new Readable({
      read() {
        chunks += 1;
        this.push(Buffer.alloc(1024));
      },
      highWaterMark: 1024,
    });
    assert.equal(await readLimited(endless, 10 * 1024), undefined);
    assert.ok(chunks < 20, `${chunks} chunks were read`);
    endless.destroy();
  });

  it('rejects when the stream fails or is closed before its end', async () => {
    const failing = new PassThrough();
    const failure = readLimited(failing, 10);
    failing.destroy(new Error('reset'));
    await assert.rejects(failure, /reset/);
    const closed = new PassThrough();
    const closing = readLimited(closed, 10);
    closed.destroy();
    await assert.rejects(closing, /before its end/);
    assert.equal(closed.listenerCount('data'), 0);
  });
});
