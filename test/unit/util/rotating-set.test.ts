import assert from 'node:assert/strict';
import { RotatingSet } from '../../../src/util/rotating-set';

describe('RotatingSet', () => {
  let now: number;
  beforeEach(() => {
    now = 0;
  });

  const create = (maxSize?: number): RotatingSet<string> =>
    new RotatingSet({ lifetimeMs: 100, now: () => now, ...(maxSize === undefined ? {} : { maxSize }) });

  it('tells new values from known ones', () => {
    const set = create();
    assert.equal(set.add('a'), true);
    assert.equal(set.add('a'), false);
    assert.deepEqual([set.has('a'), set.has('b')], [true, false]);
  });

  it('keeps a value for its lifetime, across a rotation', () => {
    const set = create();
    now = 100;
    set.add('late in the first generation');
    now = 200;
    assert.equal(set.add('late in the first generation'), false);
  });

  it('expires values after two lifetimes', () => {
    const set = create();
    set.add('a');
    now = 101;
    set.add('b');
    now = 202;
    assert.equal(set.add('a'), true);
    assert.equal(set.add('b'), false);
  });

  it('renews the lifetime of a value that is added again', () => {
    const set = create();
    set.add('a');
    now = 101;
    assert.equal(set.add('a'), false);
    now = 202;
    set.add('b');
    assert.equal(set.has('a'), true);
  });

  it('expires all values after an idle time', () => {
    const set = create();
    set.add('a');
    now = 1_000;
    assert.equal(set.add('a'), true);
  });

  it('keeps at least maxSize of the latest values', () => {
    const set = create(3);
    for (const value of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) set.add(value);
    assert.deepEqual([set.has('a'), set.has('e'), set.has('g')], [false, true, true]);
  });
});
