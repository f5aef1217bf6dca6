import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Hints } from '../../../../src/remotes/storage/membership-filter';

const day = 24 * 60 * 60 * 1000;

const fingerprints = (count: number): string[] =>
  Array.from({ length: count }, () => randomBytes(16).toString('base64url'));

describe('hints', () => {
  it('find all that was added, and next to nothing else', () => {
    const hints = new Hints(day, 0);
    const added = fingerprints(20_000);
    for (const fingerprint of added) hints.add(fingerprint, 1);
    assert.ok(added.every((fingerprint) => hints.mayHave(fingerprint)));
    const mistaken = fingerprints(20_000).filter((fingerprint) => hints.mayHave(fingerprint));
    assert.ok(mistaken.length < 20, `${mistaken.length} were never added`);
  });

  it('last as long as was asked for, and not for ever', () => {
    const hints = new Hints(day, 0);
    hints.add('first of all', day);
    hints.add('second', day + 1);
    hints.add('another', 2 * day);
    assert.ok(hints.mayHave('first of all'));
    hints.add('the next', 2 * day + 2);
    assert.ok(!hints.mayHave('first of all'));
    assert.ok(hints.mayHave('second'));
  });
});
