/** What a real Openwx server answered, and what it posted: recordings, read where they lie and kept nowhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

const folder = join(root, '..', 'shared', 'protocols', 'recorded');

/** Why the recordings cannot be read, if so. */
export function recordingsMissing(): string | undefined {
  return existsSync(join(folder, 'openwx-http.txt')) ? undefined : `the recordings are not in ${folder}`;
}

/** A request and its answer, as recorded. */
export interface Exchange {
  /** As it stands there: what was given to curl. */
  readonly asked: string;
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** 0 where the server never answered. */
  readonly status: number;
  readonly type: string;
  readonly answer: string;
}

/** All exchanges, in their order. */
export function exchanges(): Exchange[] {
  const text = readFileSync(join(folder, 'openwx-http.txt'), 'utf8');
  return text.split(/^### /m).slice(1).map(exchangeIn);
}

function exchangeIn(block: string): Exchange {
  const [asked = '', ...lines] = block.split('\n');
  const end = lines.findIndex((line) => line.startsWith('--> '));
  const [, status = '200', type = ''] = /^--> (\d+) ?(.*)$/.exec(lines[end] ?? '') ?? [];
  const answer = lines
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .trim();
  const url = new URL(asked.slice(asked.lastIndexOf('http://')));
  const data = [...asked.matchAll(/--data-urlencode ([^=]+)=(\S+)/g)];
  for (const [, name = '', value = ''] of data) url.searchParams.set(name, value);
  const [, body] = / ?-d (.+) http:/.exec(asked) ?? [];
  const isPost = asked.startsWith('-X POST') || body !== undefined;
  const contentType = asked.includes('application/json')
    ? 'application/json'
    : 'application/x-www-form-urlencoded';
  return {
    asked,
    method: isPost ? 'POST' : 'GET',
    path: `${url.pathname}${url.search}`,
    ...(body === undefined ? {} : { body, contentType }),
    status: Number(status),
    type: type.trim(),
    answer,
  };
}

/** The posts of a real server, each once for its kind, class and format. */
export function recordedPosts(): Record<string, unknown>[] {
  const text = readFileSync(join(folder, 'openwx-post_api.log'), 'utf8');
  const found = new Map<string, Record<string, unknown>>();
  for (const line of text.split('\n')) {
    // Lines of several processes ran into each other.
    for (const [json] of line.matchAll(/\{"(?:.(?!\} *\/cb))*\}/g)) {
      try {
        const post = JSON.parse(json) as Record<string, unknown>;
        const { type, class: kind, format, event, source } = post;
        found.set([type, kind, format, event, source].join(' '), post);
      } catch {
        // What ran into something else is not looked at.
      }
    }
  }
  return [...found.values()];
}

/** The names of all fields, with those of the first item of lists in them. */
export function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length > 0 ? fieldsOf(value[0], `${path}[]`) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = path ? `${path}.${name}` : name;
    return [place, ...fieldsOf(inner, place)];
  });
}
