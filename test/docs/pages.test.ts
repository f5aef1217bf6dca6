import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { languages, translated } from '../../scripts/markdown';
import { nodeTypes, savedProperties } from '../../scripts/node-tables';
import { missingCalls } from '../../src/bot/session/puppet-capabilities';
import { errorCodes } from '../../src/bot/errors';
import { contentTypes } from '../../src/commands/content/content-types';
import { commands } from '../../src/commands/table';
import { botStateNames } from '../../src/bot/state';
import { eventNames, events } from '../../src/events/table';
import { resolveOptions } from '../../src/puppets/simulator/options';
import { eventNames as padchatEvents } from '../../src/remotes/padchat/events/events';
import { operations } from '../../src/remotes/padchat/operations/table';
import { taskKinds } from '../../src/remotes/wehelp/tasks/table';
import { sendNames } from '../../src/remotes/wxbot/sends';
import { root } from '../support/package-install';
import {
  codeBlocks,
  codeSpans,
  documents,
  firstColumn,
  headings,
  read,
  tables,
  targets,
  translatedPages,
} from './markdown';

const types = nodeTypes();

/** The members of a union of strings, or the fields of an interface, which are gone when the program runs. */
function declared(file: string, pattern: RegExp, member: RegExp): string[] {
  const [, body = ''] = pattern.exec(read(file)) ?? [];
  return [...body.matchAll(member)].map(([, name = '']) => name);
}

const faults = declared(
  'src/puppets/simulator/options.ts',
  /interface Faults \{([^}]+)\}/,
  /^ {2}(\w+)\?:/gm,
);

const ilinkOptions = declared(
  'src/puppets/ilink/settings.ts',
  /interface IlinkOptions \{([^}]+)\}/,
  /readonly (\w+)\?:/g,
);

/** The names of all properties in a schema, however deep. */
function fieldsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(fieldsIn)];
}

/** Every name a reader could look for in the product. */
const known = new Set([
  ...ilinkOptions,
  ...eventNames,
  ...botStateNames,
  ...types.flatMap((type) => [...savedProperties(type).keys()]),
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
  'reqId',
  'authKey',
  // Parameters of WeHelp's tasks.
  'imgPath',
  'filePath',
  'authKey',
  ...sendNames,
  // Settings of Node-RED's settings.js.
  'uiHost',
  'wechatAdminHosts',
  ...Object.values(missingCalls).flatMap(({ throws, silent }) => [...throws, ...silent]),
  // What contents are made of is known in this file only.
  ...(read('src/commands/content/content.ts').match(/\w+(?=: Type\.)/g) ?? []),
]);

/** Tables that must have exactly these names in their first column. */
const complete = [
  { page: 'docs/operations.md', one: 'login-required', names: [...botStateNames] },
  { page: 'docs/operations.md', one: 'NOT_FOUND', names: Object.keys(errorCodes) },
  { page: 'docs/content.md', one: 'Attachment', names: [...contentTypes] },
  { page: 'docs/simulator.md', one: 'latency', names: Object.keys(resolveOptions({})) },
  { page: 'docs/simulator.md', one: 'rejectSends', names: faults },
];

for (const language of languages) {
  describe(`pages in ${language}`, () => {
    for (const { page, one, names } of complete) {
      it(`list every name like ${one}: ${page}`, () => {
        assert.deepEqual(firstColumn(read(translated(page, language)), one).sort(), [...names].sort());
      });
    }

    for (const page of translatedPages) {
      const file = translated(page, language);

      it(`name nothing that does not exist: ${file}`, () => {
        const spans = codeSpans(read(file));
        const nodes = spans.filter((span) => /^wechat-[a-z-]+$/.test(span) && !types.includes(span));
        // Words of one part, such as `id`, are too common to be told apart from names.
        const names = spans.filter(
          (span) => /^[a-z]+([A-Z][a-z]*)+$/.test(span) || /^(room|login|logged)-[a-z-]+$/.test(span),
        );
        assert.deepEqual([...nodes, ...names.filter((name) => !known.has(name))], []);
      });
    }
  });
}

describe('translations', () => {
  /** What must be alike: headings by their levels, tables by their sizes, code, pictures and linked documents. */
  const structure = (page: string): object => {
    const text = read(page);
    return {
      headings: headings(text).map((heading) => heading.replace(/ .*/, '')),
      tables: tables(text).map((rows) => rows.map((row) => row.length)),
      code: codeBlocks(text),
    };
  };

  for (const page of translatedPages) {
    for (const language of languages.filter((one) => one !== 'en-US')) {
      it(`have the same structure: ${translated(page, language)}`, () => {
        const file = translated(page, language);
        assert.ok(existsSync(join(root, file)), file);
        assert.deepEqual(structure(file), structure(page));
        assert.equal(targets(read(file)).length >= targets(read(page)).length, true);
      });
    }
  }

  it('exist for no page that is gone, besides the glossary', () => {
    const expected = languages.flatMap((language) =>
      translatedPages.map((page) => translated(page, language)),
    );
    const translations = documents.filter((document) => document.includes('zh-CN'));
    assert.deepEqual(
      translations.filter((document) => !expected.includes(document)),
      ['docs/zh-CN/glossary.md'],
    );
  });
});
