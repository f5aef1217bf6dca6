/** Cuts a list into pages. */
import { WechatError } from '../../../bot/errors';

/** Entries in a page unless the request says otherwise, and at most. */
const usualSize = 100;
const maxSize = 1000;

/** One page of a list. */
export interface Page {
  readonly page: number;
  readonly size: number;
  /** Entries in the whole list, under both of the names the protocol has for it. */
  readonly total: number;
  readonly count: number;
  readonly items: readonly unknown[];
  /** On the last page of the list. */
  readonly last?: true;
}

/** What a request says of pages. */
export interface PageRequest {
  readonly page?: unknown;
  readonly size?: unknown;
}

/** Checks what a request says of pages. @throws WechatError INVALID_PARAMS */
export function pageRequest(command: string, { page, size }: PageRequest): { page?: number; size: number } {
  const wanted = positive(command, 'page', page);
  return {
    ...(wanted === undefined ? {} : { page: wanted }),
    size: Math.min(positive(command, 'size', size) ?? usualSize, maxSize),
  };
}

function positive(command: string, name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new WechatError('INVALID_PARAMS', 'badParams', {
    command,
    problem: `${name} must be a whole number from 1`,
  });
}

/** The pages asked for, with the entries as they are; an empty list has one page. */
export function* pagesOf(
  entries: readonly unknown[],
  { page: wanted, size }: { page?: number; size: number },
): Generator<Page> {
  const total = entries.length;
  const pages = Math.max(1, Math.ceil(total / size));
  const first = wanted ?? 1;
  for (let page = first; page <= (wanted ?? pages); page += 1) {
    const items = entries.slice((page - 1) * size, page * size);
    yield { page, size, total, count: total, items, ...(page >= pages ? { last: true } : {}) };
  }
}
