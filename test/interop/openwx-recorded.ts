/** Parses recordings of a real Openwx server, which are not part of this repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

const folder = join(root, '..', 'shared', 'protocols', 'recorded');

/** The reason why the recordings cannot be read, if any. */
export function recordingsMissing(): string | undefined {
  return existsSync(join(folder, 'openwx-http.txt')) ? undefined : `the recordings are not in ${folder}`;
}

/** A recorded request and its response. */
export interface Exchange {
  /** The arguments of curl. */
  readonly command: string;
  readonly method: 'GET' | 'POST';
  /** Including the query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** 0 where the server never answered. */
  readonly status: number;
  readonly type: string;
  readonly response: string;
}

/** All exchanges, in order. */
export function exchanges(): Exchange[] {
  const text = readFileSync(join(folder, 'openwx-http.txt'), 'utf8');
  return text.split(/^### /m).slice(1).map(parseExchange);
}

function parseExchange(block: string): Exchange {
  const [command = '', ...lines] = block.split('\n');
  const end = lines.findIndex((line) => line.startsWith('--> '));
  const [, status = '200', type = ''] = /^--> (\d+) ?(.*)$/.exec(lines[end] ?? '') ?? [];
  const response = lines
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .trim();
  const url = new URL(command.slice(command.lastIndexOf('http://')));
  const data = [...command.matchAll(/--data-urlencode ([^=]+)=(\S+)/g)];
  for (const [, name = '', value = ''] of data) url.searchParams.set(name, value);
  const [, body] = / ?-d (.+) http:/.exec(command) ?? [];
  const isPost = command.startsWith('-X POST') || body !== undefined;
  const contentType = command.includes('application/json')
    ? 'application/json'
    : 'application/x-www-form-urlencoded';
  return {
    command,
    method: isPost ? 'POST' : 'GET',
    path: `${url.pathname}${url.search}`,
    ...(body === undefined ? {} : { body, contentType }),
    status: Number(status),
    type: type.trim(),
    response,
  };
}

/** The recorded posts, one for each type, class and format. */
export function recordedPosts(): Record<string, unknown>[] {
  const text = readFileSync(join(folder, 'openwx-post_api.log'), 'utf8');
  const found = new Map<string, Record<string, unknown>>();
  for (const line of text.split('\n')) {
    // Lines of several processes are interleaved.
    for (const [json] of line.matchAll(/\{"(?:.(?!\} *\/cb))*\}/g)) {
      try {
        const post = JSON.parse(json) as Record<string, unknown>;
        const { type, class: kind, format, event, source } = post;
        found.set([type, kind, format, event, source].join(' '), post);
      } catch {
        // Interleaved posts are skipped.
      }
    }
  }
  return [...found.values()];
}

/** The paths of all fields, including those of the first item of lists. */
export function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length > 0 ? fieldsOf(value[0], `${path}[]`) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const fieldPath = path ? `${path}.${name}` : name;
    return [fieldPath, ...fieldsOf(inner, fieldPath)];
  });
}
