/** Parses tables and examples of the PadChat document. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

const file = join(root, '..', 'shared', 'protocols', 'seed-2-padchat.txt');

/** Why the document cannot be read, if it cannot. */
export function padchatDocumentMissing(): string | undefined {
  return existsSync(file) ? undefined : `the PadChat document is not at ${file}`;
}

/** A command in the document. */
export interface DocumentedCommand {
  readonly code: string;
  /** Names of fields in a request's data, those crossed out too. */
  readonly params: readonly string[];
  /** Names of fields in a reply's data. */
  readonly returns: readonly string[];
  readonly request: Readonly<Record<string, unknown>> | undefined;
  readonly reply: Readonly<Record<string, unknown>> | undefined;
}

/** The first cells of the rows of the first table below a heading in bold. */
function firstCells(section: string, heading: string): string[] {
  const below = section.split(`**${heading}**`)[1] ?? '';
  const [table = ''] = /(?:^.*\|.*\n)+/m.exec(below) ?? [];
  const rows = table.split('\n').filter((line) => line.includes('|') && !/^[-|\s]+$/.test(line));
  return rows.slice(1).map((row) => row.split('|')[0]?.trim() ?? '');
}

const bare = (name: string): string => name.replace(/[~`]/g, '').replace(/^data\./, '');

/** All commands of the document, in its order. */
export function documentedCommands(): DocumentedCommand[] {
  const sections = readFileSync(file, 'utf8').split(/^#### /m);
  return sections.flatMap((section) => {
    const code = /命令码：`(\w+)`/.exec(section)?.[1];
    if (code === undefined) return [];
    const examples = [...section.matchAll(/```JSON\n([^]*?)```/g)].map(
      ([, text = '']) => JSON.parse(text) as object,
    );
    const [request, reply] = examples as (Readonly<Record<string, unknown>> | undefined)[];
    const params = firstCells(section, '请求参数').map(bare);
    const returns = firstCells(section, '返回数据')
      .filter((name) => /^(data\.)?[A-Z]\w+$/.test(name))
      .map(bare);
    return [{ code, params, returns, request, reply }];
  });
}

/** The example XML of an app message. */
export function documentedAppMessage(): string {
  return /```xml\n([^]*?)```/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
}

/** The codes in a table of the document, by the heading above it. */
function codesBelow(heading: string): string[] {
  const below = readFileSync(file, 'utf8').split(`### ${heading}\n`)[1]?.split(/^#+ /m)[0] ?? '';
  return [...below.matchAll(/^ ?([\w-]+)\s*\|/gm)].map(([, name = '']) => name);
}

/** The numbers of messages. */
export function documentedMessageTypes(): number[] {
  return codesBelow('MsgType').map(Number).filter(Number.isInteger);
}

/** The names of events. */
export function documentedEvents(): string[] {
  return codesBelow('event字段').filter((name) => /^[a-z]/i.test(name));
}
