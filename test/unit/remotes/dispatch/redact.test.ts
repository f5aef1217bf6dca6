import assert from 'node:assert/strict';
import { redactParams } from '../../../../src/remotes/dispatch/redact';

describe('redactParams', () => {
  const rules = { secrets: new Set(['token']), files: new Set(['data']) };

  it('replaces secrets and contents of files', () => {
    const params = { token: 'T0P', data: 'x'.repeat(50), id: 'a', count: 5 };
    assert.deepEqual(redactParams(Object.entries(params), rules), {
      token: '***',
      data: '(50 characters)',
      id: 'a',
      count: 5,
    });
    assert.deepEqual(redactParams([['data', { image: 'x' }]], rules), { data: '(omitted)' });
  });

  it('truncates long texts', () => {
    const { text } = redactParams([['text', 'x'.repeat(5000)]], rules);
    assert.equal(text, `${'x'.repeat(1000)}…`);
  });
});
