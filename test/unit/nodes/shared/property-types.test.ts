import assert from 'node:assert/strict';
import { WechatError } from '../../../../src/bot/errors';
import { readProperties } from '../../../../src/nodes/runtime/read-properties';
import { declareProperties } from '../../../../src/nodes/shared/declaration';
import {
  boolean,
  choice,
  json,
  label,
  list,
  number,
  optionalNumber,
  port,
  source,
  text,
  typedValue,
} from '../../../../src/nodes/shared/property-types';

const declaration = declareProperties({
  label: label(),
  text: text('default'),
  boolean: boolean(true),
  number: number('5'),
  optional: optionalNumber(),
  port: port('1880'),
  choice: choice('1', ['0', '1', '2']),
  list: list(['first']),
  json: json('{}'),
  value: typedValue('payload'),
  source: source('msg'),
});

type Name = keyof typeof declaration.types;

const object = { login: 'scan' };
const unset = '${UNSET}';

/** What a property reads, for each value that Node-RED may put in the place of `${ENV}`. */
const accepted: readonly (readonly [property: Name, saved: unknown, value: unknown])[] = [
  ['label', 'Shop', 'Shop'],
  ['label', 7, '7'],
  ['label', unset, unset],
  ['text', '', ''],
  ['text', 7, '7'],
  ['text', true, 'true'],
  ...[true, 1, 'true', 'TRUE', '1', 'yes', 'Yes', 'on', ' on '].map((on) => ['boolean', on, true] as const),
  ...[false, 0, 'false', 'FALSE', 'False', '0', 'no', 'No', 'off', 'OFF', ''].map(
    (off) => ['boolean', off, false] as const,
  ),
  ['number', 0, 0],
  ['number', '2.5', 2.5],
  ['number', ' 7 ', 7],
  ['number', '', 5],
  ['optional', '', undefined],
  ['optional', '30', 30],
  ['port', 65_535, 65_535],
  ['choice', 2, '2'],
  ['choice', '2', '2'],
  ['choice', '', '1'],
  ['list', [], []],
  ['list', '', []],
  ['list', 'contactSay, roomSay；post', ['contactSay', 'roomSay', 'post']],
  ['list', ['contactSay', 'roomSay,post'], ['contactSay', 'roomSay', 'post']],
  ['list', ['contactSay', ['roomSay', 'post']], ['contactSay', 'roomSay', 'post']],
  ['json', '{"login":"scan"}', '{"login":"scan"}'],
  ['json', object, '{"login":"scan"}'],
  ['value', 7, '7'],
  ['value', false, 'false'],
  ['value', object, object],
  ['value', ['Ming'], ['Ming']],
  ['value', unset, unset],
  ['source', 'jsonata', 'jsonata'],
  ['source', '', 'msg'],
];

/** Values that a property cannot be read from, with a part of the message. */
const rejected: readonly [property: Name, saved: unknown, message: RegExp][] = [
  ['label', object, /must be a text, not object/],
  ['text', ['a'], /must be a text, not array/],
  ['text', null, /must be a text, not null/],
  ['text', unset, /no such environment variable/],
  ['boolean', 'maybe', /true or false .* not "maybe"/],
  ['boolean', 2, /true or false/],
  ['boolean', object, /not object/],
  ['boolean', unset, /\$\{UNSET\}, but there is no such/],
  ['number', 'many', /a number \(≥ 0\), not "many"/],
  ['number', -1, /a number/],
  ['number', true, /a number .* not true/],
  ['number', 'Infinity', /a number/],
  ['number', [5], /not array/],
  ['number', unset, /no such environment variable/],
  ['optional', 'fast', /a number/],
  ['port', 65_536, /0–65535/],
  ['port', '80.5', /0–65535/],
  ['choice', '3', /one of 0, 1, 2, not "3"/],
  ['choice', object, /one of 0, 1, 2, not object/],
  ['choice', unset, /no such environment variable/],
  ['list', 7, /a list of names, not 7/],
  ['list', object, /a list of names, not object/],
  ['list', ['contactSay', 7], /a list of names, not array/],
  ['list', unset, /no such environment variable/],
  ['list', ['contactSay', unset], /no such environment variable/],
  ['value', null, /must be a text/],
  ['source', 'cloud', /one of str, msg/],
  ['source', 5, /one of str/],
];

describe('property types', () => {
  for (const [property, saved, value] of accepted) {
    it(`${property} reads ${JSON.stringify(saved)} as ${JSON.stringify(value)}`, () => {
      assert.deepEqual(readProperties({ [property]: saved }, declaration)[property], value);
    });
  }

  for (const [property, saved, message] of rejected) {
    it(`${property} rejects ${JSON.stringify(saved)}`, () => {
      assert.throws(
        () => readProperties({ [property]: saved }, declaration),
        (error) => {
          assert.ok(error instanceof WechatError, String(error));
          assert.equal(error.code, 'INVALID_PARAMS');
          assert.ok(error.message.startsWith(property), error.message);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it('have defaults for what is missing', () => {
    assert.deepEqual(readProperties({}, declaration), {
      label: '',
      text: 'default',
      boolean: true,
      number: 5,
      optional: undefined,
      port: 1880,
      choice: '1',
      list: ['first'],
      json: '{}',
      value: 'payload',
      source: 'msg',
    });
  });

  it('cut long values in errors', () => {
    assert.throws(
      () => readProperties({ number: 'x'.repeat(1000) }, declaration),
      ({ message }: Error) => message.length < 200,
    );
  });
});
