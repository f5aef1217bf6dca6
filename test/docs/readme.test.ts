import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, readmes, withTables } from '../../scripts/generate-tables';
import { contentTypes } from '../../src/commands/content/content-types';
import { commands } from '../../src/commands/table';
import { eventNames, events } from '../../src/events/table';
import { eventNames as padchatEvents } from '../../src/remotes/padchat/events/events';
import { operations } from '../../src/remotes/padchat/operations/table';
import { sendNames } from '../../src/remotes/wxbot/sends';
import { resolveOptions } from '../../src/puppets/simulator/options';
import { taskKinds } from '../../src/remotes/wehelp/tasks';
import { root } from '../support/package-install';
import { codeBlocks, codeSpans, firstColumn, headings, read, tables, targets } from './markdown';

const manifest = JSON.parse(read('package.json')) as {
  'node-red': { nodes: Record<string, string> };
};
const types = Object.keys(manifest['node-red'].nodes);

/** The members of a union of strings, or the fields of an interface, which are gone when the program runs. */
function declared(file: string, pattern: RegExp, member: RegExp): string[] {
  const [, body = ''] = pattern.exec(read(file)) ?? [];
  return [...body.matchAll(member)].map(([, name = '']) => name);
}

const states = declared('src/bot/state.ts', /type BotStateName =([^;]+);/, /'([\w-]+)'/g);
const errorCodes = declared('src/bot/errors.ts', /type ErrorCode =([^;]+);/, /'(\w+)'/g);
const faults = declared(
  'src/puppets/simulator/options.ts',
  /interface Faults \{([^}]+)\}/,
  /^ {2}(\w+)\?:/gm,
);

/** The saved properties of a node, and its credentials. */
function propertiesOf(type: string): string[] {
  const folder = type.replace('wechat-', '');
  // Which nodes there are is known only when the test runs.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { defaults } = require(`../../src/nodes/${folder}/properties`) as { defaults: object };
  const credentials = declared(
    `src/nodes/${folder}/properties.ts`,
    /interface \w+Credentials \{([^}]+)\}/,
    /^ {2}(\w+)\??:/gm,
  );
  return [...Object.keys(defaults), ...credentials];
}

/** The names of all properties in a schema, however deep. */
function fieldsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(fieldsIn)];
}

/** Every name a reader could look for in the product. */
const known = new Set([
  ...eventNames,
  ...states,
  ...types.flatMap(propertiesOf),
  ...commands.flatMap(({ name, aliases = [], params, result }) => [
    name,
    ...aliases,
    ...fieldsIn(params),
    ...fieldsIn(result),
  ]),
  ...Object.values(events).flatMap(({ schema }) => fieldsIn(schema)),
  ...Object.keys(resolveOptions({})),
  ...faults,
  ...taskKinds.map(({ api }) => api),
  ...operations.flatMap(({ names, aliases = [], params }) => [
    ...Object.values(names),
    ...aliases,
    ...fieldsIn(params),
  ]),
  ...Object.values(padchatEvents).flatMap((names) => Object.values(names)),
  'cmdId',
  ...sendNames,
  // What contents are made of is known in this file only.
  ...(read('src/commands/content/content.ts').match(/\w+(?=: Type\.)/g) ?? []),
]);

for (const language of Object.keys(readmes) as Language[]) {
  const file = readmes[language];
  const readme = read(file);

  describe(file, () => {
    it('has the present tables of events and commands: otherwise run npm run docs', () => {
      assert.equal(withTables(readme, language), readme);
    });

    it('has a row with exactly the properties of every node', () => {
      const rows = new Map(tables(readme).flatMap((table) => table.map((row) => [row[0], row[2]] as const)));
      for (const type of types) {
        const written = codeSpans(rows.get(`\`${type}\``) ?? '');
        const wanted = propertiesOf(type).filter((name) => name !== 'name' && name !== 'bot');
        assert.deepEqual(written.sort(), wanted.sort(), type);
      }
    });

    it('names no node that does not exist', () => {
      const named = codeSpans(readme).filter((span) => /^wechat-[a-z-]+$/.test(span));
      assert.deepEqual(
        named.filter((span) => !types.includes(span)),
        [],
      );
    });

    it('has a row for every state, error, kind of content, simulator option, fault and example', () => {
      const lists = {
        'login-required': states,
        NOT_FOUND: errorCodes,
        Attachment: contentTypes,
        latency: Object.keys(resolveOptions({})),
        rejectSends: faults,
        '01-ding-dong': readdirSync(join(root, 'examples')).map((name) => name.replace('.json', '')),
      };
      for (const [one, wanted] of Object.entries(lists)) {
        assert.deepEqual(firstColumn(readme, one).sort(), [...wanted].sort(), one);
      }
    });

    it('names no event, command, property or option that does not exist', () => {
      // Words of one part, such as `id`, are too common to be told apart from names.
      const named = codeSpans(readme).filter(
        (span) => /^[a-z]+([A-Z][a-z]*)+$/.test(span) || /^(room|login|logged)-[a-z-]+$/.test(span),
      );
      assert.deepEqual(
        named.filter((name) => !known.has(name)),
        [],
      );
    });
  });
}

describe('the two READMEs', () => {
  const english = read(readmes['en-US']);
  const chinese = read(readmes['zh-CN']);

  /** What must be alike: headings by their levels, tables by their sizes, pictures and documents by their paths. */
  const structure = (text: string): object => ({
    headings: headings(text).map((heading) => heading.replace(/ .*/, '')),
    tables: tables(text).map((rows) => rows.map((row) => row.length)),
    code: codeBlocks(text),
    links: targets(text)
      .filter((target) => !target.startsWith('#') && !target.startsWith('README'))
      .sort(),
  });

  it('are built alike', () => {
    assert.deepEqual(structure(chinese), structure(english));
  });

  it('lead to each other', () => {
    assert.ok(targets(english).includes(readmes['zh-CN']) && targets(chinese).includes(readmes['en-US']));
  });
});
