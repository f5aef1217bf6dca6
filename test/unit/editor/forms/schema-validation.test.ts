import assert from 'node:assert/strict';
import { schemaError } from '../../../../src/editor/forms/schema-validation.editor';
import type { JsonSchema } from '../../../../src/admin/api-types';
import english from '../../../../src/nodes/locales/en-US.json';

/** A node with the English texts. */
const node = {
  _: (key: string, values: Record<string, string> = {}): string => {
    const found = key
      .split('.')
      .reduce<unknown>((group, name) => (group as Record<string, unknown>)[name], english);
    assert.ok(typeof found === 'string', key);
    return found.replace(/__(\w+)__/g, (_, name: string) => values[name] ?? '');
  },
};

const options: JsonSchema = {
  type: 'object',
  required: ['login'],
  additionalProperties: false,
  properties: {
    login: { type: 'string', enum: ['auto', 'scan'] },
    contacts: { type: 'integer', minimum: 0 },
    names: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    faults: { type: 'object', properties: { slow: { type: 'integer', minimum: 0 } } },
    topic: { type: 'string', minLength: 1 },
  },
};

describe('schemaError', () => {
  const cases: [value: unknown, message: string | undefined][] = [
    [{ login: 'scan', contacts: 3, names: ['a'], faults: { other: 1 } }, undefined],
    [{ login: 'auto', names: 'a' }, undefined],
    [{}, '“login” is missing'],
    [{ login: 'qr' }, '“login” must be "auto", "scan"'],
    [{ login: 'auto', contacts: -1 }, '“contacts” must be at least 0'],
    [{ login: 'auto', contacts: 1.5 }, '“contacts” must be a whole number'],
    [{ login: 'auto', contacts: '3' }, '“contacts” must be a whole number'],
    [{ login: 'auto', names: 3 }, '“names” must be a text or a list'],
    [{ login: 'auto', names: ['a', 3] }, '“names” has an entry that must be a text'],
    [{ login: 'auto', faults: { slow: -5 } }, '“faults” “slow” must be at least 0'],
    [{ login: 'auto', topic: '' }, '“topic” must not be empty'],
    [
      { login: 'auto', contact: 3 },
      '“contact” is unknown here; known are: login, contacts, names, faults, topic',
    ],
    [[], 'must be an object'],
    [null, 'must be an object'],
  ];
  for (const [value, message] of cases) {
    it(`${message === undefined ? 'accepts' : 'rejects'} ${JSON.stringify(value)}`, () => {
      assert.equal(schemaError(value, options, node), message);
    });
  }
});
