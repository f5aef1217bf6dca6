/** Parses the protocol's documentation: its example programs and messages. It is not part of the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

const file = join(root, '..', 'shared', 'protocols', 'seed-1-wechatremote.txt');

/** The reason why the documentation cannot be read; `undefined` when it can. */
export function documentMissing(): string | undefined {
  return existsSync(file) ? undefined : `the protocol's document is not at ${file}`;
}

/** A fenced code block. */
interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

/** The text below each heading of a level, by heading. */
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

/** The documented example programs in one language. */
export interface Programs {
  /** Prints received events. */
  readonly subscriber: string;
  /** Sends a command and prints the response; not documented for all languages. */
  readonly commander: string | undefined;
}

/** The example programs in a language. @throws Error when there are none. */
export function programs(language: 'JavaScript' | 'TypeScript' | 'Python' | 'Go'): Programs {
  const section = sections(readFileSync(file, 'utf8'), 4).get(language) ?? '';
  const found = codeBlocks(section)
    .filter((block) => block.language === language.toLowerCase())
    .map(({ code }) => code);
  const [subscriber, commander] = found;
  if (subscriber === undefined) throw new Error(`${file} has no programs in ${language}.`);
  return { subscriber, commander };
}

/** A documented message. */
export interface Envelope {
  readonly reqId: string;
  readonly name: string;
  readonly params: unknown;
  readonly [field: string]: unknown;
}

/** A documented command: the request and its possible responses. */
export interface Example {
  readonly request: Envelope;
  readonly responses: readonly Envelope[];
}

function envelopes(text: string): Envelope[] {
  return codeBlocks(text)
    .filter(({ language }) => language === 'json')
    .map(({ code }) => JSON.parse(code) as Envelope);
}

/** The text of a chapter, including its heading. */
function chapter(title: string): string {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(`\n## ${title}`);
  const end = text.indexOf('\n## ', start + 1);
  if (start < 0) throw new Error(`${file} has no chapter ${title}.`);
  return text.slice(start, end < 0 ? undefined : end);
}

/** All documented commands, by name. */
export function examples(): Map<string, Example> {
  const found = new Map<string, Example>();
  for (const section of sections(chapter('API说明'), 3).values()) {
    const [request, ...responses] = envelopes(section);
    if (request) found.set(request.name, { request, responses });
  }
  return found;
}

/** All documented events, by name, without legacy events. */
export function eventExamples(): Map<string, Envelope> {
  const events = envelopes(chapter('事件消息推送')).filter(({ method }) => method === 'event');
  return new Map(events.map((event) => [event.name, event]));
}

/** Private fields of Wechaty's objects, which the documented examples contain by accident. */
const privateFields = ['_events', '_eventsCount'];

/** The fields of an expected message that an actual one lacks, or has with another type; values may differ. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  const kind = (value: unknown): string =>
    Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (kind(expected) !== kind(actual)) return [`${path || 'it'} is ${kind(actual)}, not ${kind(expected)}`];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [first] = expected as unknown[];
    return actual.flatMap((one, at) =>
      differences((expected as unknown[])[at] ?? first ?? one, one, `${path}[${at}]`),
    );
  }
  if (typeof expected !== 'object' || expected === null) return [];
  const fields = actual as Record<string, unknown>;
  return Object.entries(expected)
    .filter(([name]) => !privateFields.includes(name))
    .flatMap(([name, value]) => {
      const fieldPath = path ? `${path}.${name}` : name;
      return name in fields ? differences(value, fields[name], fieldPath) : [`${fieldPath} is missing`];
    });
}
