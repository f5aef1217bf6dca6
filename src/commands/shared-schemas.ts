/** Schemas of parameters and results that several commands share, and the functions that read them. */
import Type, { type TObject, type TProperties, type TSchema } from 'typebox';
import type { Part } from '../bot/directory/directory';
import { WechatError } from '../bot/errors';
import { describe } from '../i18n/describe';
import { contentTypes } from './content/content-types';

/** What a parameter refers to or contains; forms choose the input by it. */
export type ParameterKind =
  | 'contact'
  | 'room'
  | 'conversation'
  | 'member'
  | 'message'
  | 'friend-request'
  | 'room-invitation'
  | 'post'
  | 'tag'
  | 'file'
  | 'content-type'
  | 'content';

/** The keywords of a parameter's schema, beside those that validate it. Forms and documents read them. */
export interface ParameterKeywords {
  'x-kind'?: ParameterKind;
  default?: string;
  examples?: readonly string[];
}

/** An optional string. */
export function optionalString(en: string, zh: string, keywords: ParameterKeywords = {}) {
  return Type.Optional(Type.String({ ...describe(en, zh), ...keywords }));
}

/** A list of strings; a single string stands for a list of one. */
export function stringOrList(en: string, zh: string, keywords: ParameterKeywords = {}) {
  return Type.Union([Type.String(), Type.Array(Type.String())], { ...describe(en, zh), ...keywords });
}

/** Another name of a parameter, for older clients. */
export function aliasOf<Schema extends TSchema>(name: string, schema: Schema) {
  return Type.Optional({ ...schema, ...describe(`alias of ${name}`, `${name} 的别名`), 'x-alias-of': name });
}

/** An object of which at least one property of each group is required; default: one of all. */
export function withOneOf<Properties extends TProperties>(
  properties: Properties,
  ...groups: TProperties[]
): TObject<Properties> {
  const allOf = (groups.length > 0 ? groups : [properties]).map((group) => ({
    anyOf: Object.keys(group).map((name) => ({ required: [name] })),
  }));
  return Type.Object(properties, { allOf });
}

const contact = optionalString(
  'the contact: id, alias or name, exact, or /pattern/',
  '联系人：id、备注或昵称（精确），或 /正则/',
  { 'x-kind': 'contact' },
);

/** Identifies one contact. */
export const contactRef = { id: contact, contactId: aliasOf('id', contact) };

const room = optionalString(
  'the room: id or topic, exact, or /pattern/',
  '群：id 或群名（精确），或 /正则/',
  { 'x-kind': 'room' },
);

/** Identifies one room. */
export const roomRef = { id: room, roomId: aliasOf('id', room) };

/** The required id of a message, friend request, invitation or post. */
export function idParam(en: string, zh: string, kind: ParameterKind) {
  return Type.String({ minLength: 1, ...describe(en, zh), 'x-kind': kind });
}

/** Entries per page of a list. */
const defaultPageSize = 100;

/** Pagination of a list. */
export const pagingParams = {
  page: Type.Optional(
    Type.Integer({
      minimum: 1,
      ...describe('the page, from 1; default: all pages', '第几页，从 1 开始，默认全部'),
    }),
  ),
  size: Type.Optional(
    Type.Integer({ minimum: 1, default: defaultPageSize, ...describe('entries per page', '每页条数') }),
  ),
};

/** The part of a directory that is one page; all of it without a page number. */
export function partOf({ page, size = defaultPageSize }: { page?: number; size?: number }): Part {
  return page === undefined ? {} : { offset: (page - 1) * size, limit: size };
}

/** One page of a list; all of it without a page number. */
export function paginate<Entry>(
  entries: Entry[],
  { page, size = defaultPageSize }: { page?: number; size?: number },
): Entry[] {
  return page === undefined ? entries : entries.slice((page - 1) * size, page * size);
}

/** The content of a message. */
export const contentParams = {
  messageType: optionalString('the type of the content', '内容类型', {
    'x-kind': 'content-type',
    default: 'Text',
    examples: contentTypes,
  }),
  messagePayload: Type.Unknown({
    ...describe(
      'the content: a text; for files a Buffer, a data: or http(s) URL, a path, or {base64|url|path|buffer, name}; for other types an object',
      '内容：文本；文件可为 Buffer、data: 或 http(s) 地址、本地路径，或 {base64|url|path|buffer, name}；其他类型为对象',
    ),
    'x-kind': 'content',
  }),
  filename: optionalString('the name of the file', '文件名'),
};

/** The members that a text in a room mentions. */
export const mentionsParam = Type.Optional(
  stringOrList(
    'the members to mention: ids, aliases, names or names in the room, or @all',
    '要 @ 的成员：id、备注、昵称或群昵称，或 @all',
    { 'x-kind': 'member' },
  ),
);

/** The result of a command that changed something. */
export const ChangedResult = Type.Object({
  id: Type.String(describe('the id of the changed object', '被修改对象的 id')),
});

/** A downloaded file. */
export const FileView = Type.Object(
  {
    name: Type.String(),
    mimeType: Type.String(),
    size: Type.Integer(describe('in bytes', '字节数')),
    data: Type.Unsafe<Buffer>({ type: 'object', ...describe('the content, a Buffer', '内容（Buffer）') }),
  },
  describe('a file', '文件'),
);

/** Flattens parameters made by `stringOrList`; drops empty strings. */
export function toList(...values: (string | readonly string[] | undefined)[]): string[] {
  return values.flatMap((value) => value ?? []).filter((item) => item !== '');
}

/**
 * The first non-empty value of a parameter and its aliases.
 * @throws WechatError INVALID_PARAMS naming the parameter when all are empty.
 */
export function requireParam(parameter: string, ...values: (string | undefined)[]): string {
  const [first] = toList(...values);
  if (first === undefined) throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter });
  return first;
}
