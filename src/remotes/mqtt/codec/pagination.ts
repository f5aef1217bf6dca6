/** Pagination of list results. */
import { WechatError } from '../../../bot/errors';

/** Default and maximum number of entries per page. */
const defaultPageSize = 100;
const maxPageSize = 1000;

/** One page of a list. */
export interface Page {
  readonly page: number;
  readonly size: number;
  /** Entries in the whole list; the protocol has two names for it. */
  readonly total: number;
  readonly count: number;
  readonly items: readonly unknown[];
  /** Set on the last page of the list. */
  readonly last?: true;
}

/** Page parameters of a request, not validated. */
export interface PageRequest {
  readonly page?: unknown;
  readonly size?: unknown;
}

/** Validates page parameters. @throws WechatError INVALID_PARAMS */
export function parsePageRequest(
  command: string,
  { page, size }: PageRequest,
): { page?: number; size: number } {
  const requested = parsePositiveInteger(command, 'page', page);
  return {
    ...(requested === undefined ? {} : { page: requested }),
    size: Math.min(parsePositiveInteger(command, 'size', size) ?? defaultPageSize, maxPageSize),
  };
}

function parsePositiveInteger(command: string, name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new WechatError('INVALID_PARAMS', 'badParams', {
    command,
    problem: `${name} must be a whole number from 1`,
  });
}

/** The requested page, or all pages; an empty list has one page. */
export function* paginate(
  entries: readonly unknown[],
  { page: requested, size }: { page?: number; size: number },
): Generator<Page> {
  const total = entries.length;
  const pages = Math.max(1, Math.ceil(total / size));
  const first = requested ?? 1;
  for (let page = first; page <= (requested ?? pages); page += 1) {
    const items = entries.slice((page - 1) * size, page * size);
    yield { page, size, total, count: total, items, ...(page >= pages ? { last: true } : {}) };
  }
}
