import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { MembershipFilter } from '../../../../src/remotes/storage/membership-filter';

const day = 24 * 60 * 60 * 1000;

const fingerprints = (count: number): string[] =>
  Array.from({ length: count }, () => randomBytes(16).toString('base64url'));

describe('MembershipFilter', () => {
  it('contains all added fingerprints, with few false positives', () => {
    const filter = new MembershipFilter(day, () => 0);
    const added = fingerprints(20_000);
    for (const fingerprint of added) filter.add(fingerprint);
    assert.ok(added.every((fingerprint) => filter.mightContain(fingerprint)));
    const falsePositives = fingerprints(20_000).filter((fingerprint) => filter.mightContain(fingerprint));
    assert.ok(falsePositives.length < 20, `${falsePositives.length} were never added`);
  });

  it('keeps fingerprints for their lifetime, and removes them later', () => {
    let now = 0;
    const filter = new MembershipFilter(day, () => now);
    const addAt = (time: number, fingerprint: string): void => {
      now = time;
      filter.add(fingerprint);
    };
    addAt(day, 'first of all');
    addAt(day + 1, 'second');
    addAt(2 * day, 'another');
    assert.ok(filter.mightContain('first of all'));
    addAt(2 * day + 2, 'the next');
    assert.ok(!filter.mightContain('first of all'));
    assert.ok(filter.mightContain('second'));
  });
});
