import assert from 'node:assert/strict';
import { KeyedMutex } from '../../../src/util/keyed-mutex';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('KeyedMutex', () => {
  /** Work that logs its start and ends on request. */
  function createLog() {
    const log: string[] = [];
    const end = new Map<string, (error?: Error) => void>();
    const work = (name: string) => () =>
      new Promise<string>((resolve, reject) => {
        log.push(name);
        end.set(name, (error) => {
          if (error) reject(error);
          else resolve(name);
        });
      });
    return { log, work, end: (name: string, error?: Error) => end.get(name)?.(error) };
  }

  it('runs work on one key in order, on different keys concurrently', async () => {
    const mutex = new KeyedMutex();
    const { log, work, end } = createLog();
    const results = [
      mutex.runExclusive(['a'], work('a1')),
      mutex.runExclusive(['a'], work('a2')),
      mutex.runExclusive(['b'], work('b1')),
    ];
    assert.deepEqual(log, [], 'never synchronously');
    await nextTurn();
    assert.deepEqual(log, ['a1', 'b1']);
    end('a1');
    await nextTurn();
    assert.deepEqual(log, ['a1', 'b1', 'a2']);
    end('a2');
    end('b1');
    assert.deepEqual(await Promise.all(results), ['a1', 'a2', 'b1']);
  });

  it('runs work on several keys after earlier work on any of them', async () => {
    const mutex = new KeyedMutex();
    const { log, work, end } = createLog();
    const results = [
      mutex.runExclusive(['a'], work('a')),
      mutex.runExclusive(['b'], work('b')),
      mutex.runExclusive(['a', 'b'], work('both')),
    ];
    await nextTurn();
    end('a');
    await nextTurn();
    assert.deepEqual(log, ['a', 'b']);
    end('b');
    await nextTurn();
    assert.deepEqual(log, ['a', 'b', 'both']);
    end('both');
    await Promise.all(results);
  });

  it('continues after failed work, and is free when all work is done', async () => {
    const mutex = new KeyedMutex();
    const { work, end } = createLog();
    const failed = assert.rejects(mutex.runExclusive(['a'], work('first')), /broken/);
    const second = mutex.runExclusive(['a'], work('second'));
    assert.equal(mutex.isFree(['a']), false);
    assert.equal(mutex.isFree(['b']), true);
    await nextTurn();
    end('first', new Error('broken'));
    await failed;
    await nextTurn();
    end('second');
    assert.equal(await second, 'second');
    assert.equal(mutex.isFree(['a']), true);
  });
});
