import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { ErrorThrottle } from '../../../../src/bot/events/error-throttle';

describe('ErrorThrottle', () => {
  let told: [string, number][];
  let errors: ErrorThrottle;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setInterval'] });
    told = [];
    errors = new ErrorThrottle((message, count) => told.push([message, count]));
  });

  afterEach(() => {
    errors.flush();
    mock.timers.reset();
  });

  it('tells an error at once, and its repetitions every 10 s with their number', () => {
    for (let index = 0; index < 300; index += 1) errors.add('no network');
    assert.deepEqual(told, [['no network', 1]]);
    mock.timers.tick(10_000);
    assert.deepEqual(told.slice(1), [['no network', 299]]);
    errors.add('no network');
    mock.timers.tick(9_999);
    assert.equal(told.length, 2);
    mock.timers.tick(1);
    assert.deepEqual(told.slice(2), [['no network', 1]]);
  });

  it('tells an error at once again after 10 s without it', () => {
    errors.add('no network');
    mock.timers.tick(10_000);
    errors.add('no network');
    assert.deepEqual(told, [
      ['no network', 1],
      ['no network', 1],
    ]);
  });

  it('counts texts that differ in numbers only as one kind, and tells the latest', () => {
    errors.add('silent for 65.2 s');
    errors.add('silent for 70.1 s');
    errors.add('logged out');
    mock.timers.tick(10_000);
    assert.deepEqual(told, [
      ['silent for 65.2 s', 1],
      ['logged out', 1],
      ['silent for 70.1 s', 1],
    ]);
  });

  it('tells at most 101 texts in 10 s', () => {
    for (let index = 0; index < 5_000; index += 1)
      errors.add(`no ${'x'.repeat(index % 199)}${'y'.repeat(index % 7)}`);
    assert.equal(told.length, 101);
    mock.timers.tick(10_000);
    assert.equal(
      told.reduce((sum, [, count]) => sum + count, 0),
      5_000,
    );
  });

  it('ignores the end of a session whose error was told already', () => {
    errors.add('no network');
    errors.addOnce('no network');
    errors.addOnce('wrong option');
    errors.flush();
    assert.deepEqual(told, [
      ['no network', 1],
      ['wrong option', 1],
    ]);
  });
});
