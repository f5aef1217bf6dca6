/** The protocol's own document: its programs and its examples, read where it lies and kept nowhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

const file = join(root, '..', 'shared', 'protocols', 'seed-1-wechatremote.txt');

/** Why the document cannot be read, if so. */
export function documentMissing(): string | undefined {
  return existsSync(file) ? undefined : `the protocol's document is not at ${file}`;
}

/** A piece of code in the document. */
interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

/** A heading, what is below it up to the next of its level or above. */
function sections(text: string, level: number): Map<string, string> {
  const mark = '#'.repeat(level);
  const found = new Map<string, string>();
  // A comment in a program may look like a heading.
  const prose = text.replace(/```[^]*?```/g, (block) => block.replace(/^#/gm, '\u0000'));
  const parts = prose.split(new RegExp(`^(?=#{1,${level}} )`, 'm'));
  for (const part of parts) {
    const title = new RegExp(`^${mark} (.+)`).exec(part)?.[1];
    if (title !== undefined) found.set(title.trim(), part.replaceAll('\u0000', '#'));
  }
  return found;
}

function codeBlocks(text: string): CodeBlock[] {
  return [...text.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
}

/** A program of the document that listens to events, and one that calls a command, which not every language has. */
export interface Programs {
  readonly listens: string;
  readonly calls: string | undefined;
}

/** The programs in one of the document's languages. @throws Error when it has none. */
export function programs(language: 'JavaScript' | 'TypeScript' | 'Python' | 'Go'): Programs {
  const section = sections(readFileSync(file, 'utf8'), 4).get(language) ?? '';
  const found = codeBlocks(section)
    .filter((block) => block.language === language.toLowerCase())
    .map(({ code }) => code);
  const [listens, calls] = found;
  if (listens === undefined) throw new Error(`${file} has no programs in ${language}.`);
  return { listens, calls };
}

/** An envelope as the document shows it. */
export interface Envelope {
  readonly reqId: string;
  readonly name: string;
  readonly params: unknown;
  readonly [field: string]: unknown;
}

/** A call as the document shows it: the request, and the answers it may get. */
export interface Example {
  readonly request: Envelope;
  readonly answers: readonly Envelope[];
}

function envelopes(text: string): Envelope[] {
  return codeBlocks(text)
    .filter(({ language }) => language === 'json')
    .map(({ code }) => JSON.parse(code) as Envelope);
}

/** What the document says of a chapter, from its heading on. */
function chapter(title: string): string {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(`\n## ${title}`);
  const end = text.indexOf('\n## ', start + 1);
  if (start < 0) throw new Error(`${file} has no chapter ${title}.`);
  return text.slice(start, end < 0 ? undefined : end);
}

/** All calls the document shows, by the command's name. */
export function examples(): Map<string, Example> {
  const found = new Map<string, Example>();
  for (const section of sections(chapter('API说明'), 3).values()) {
    const [request, ...answers] = envelopes(section);
    if (request) found.set(request.name, { request, answers });
  }
  return found;
}

/** All events the document shows, by name; those of the older generation are left out. */
export function eventExamples(): Map<string, Envelope> {
  const shown = envelopes(chapter('事件消息推送')).filter(({ method }) => method === 'event');
  return new Map(shown.map((event) => [event.name, event]));
}

/** Wechaty's own innards, which the document's examples happen to show. */
const innards = ['_events', '_eventsCount'];

/** What the document's example has and ours has not, or has otherwise; values may differ, types may not. */
export function differences(shown: unknown, ours: unknown, path = ''): string[] {
  const kind = (value: unknown): string =>
    Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (kind(shown) !== kind(ours)) return [`${path || 'it'} is ${kind(ours)}, not ${kind(shown)}`];
  if (Array.isArray(shown) && Array.isArray(ours)) {
    const [first] = shown as unknown[];
    return ours.flatMap((one, at) =>
      differences((shown as unknown[])[at] ?? first ?? one, one, `${path}[${at}]`),
    );
  }
  if (typeof shown !== 'object' || shown === null) return [];
  const told = ours as Record<string, unknown>;
  return Object.entries(shown)
    .filter(([name]) => !innards.includes(name))
    .flatMap(([name, value]) => {
      const place = path ? `${path}.${name}` : name;
      return name in told ? differences(value, told[name], place) : [`${place} is missing`];
    });
}
