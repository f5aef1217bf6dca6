/** Schemas of parameters and results that several commands share, and the functions that read them. */
import Type from 'typebox';
import { WechatError } from '../bot/errors';
import { describe } from '../i18n/describe';

/** An optional string. */
export function optionalString(en: string, zh: string) {
  return Type.Optional(Type.String(describe(en, zh)));
}

/** An optional list of strings; a single string stands for a list of one. */
export function stringOrList(en: string, zh: string) {
  return Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], describe(en, zh)));
}

/** Identifies one contact. */
export const contactRef = {
  id: optionalString(
    'the contact: id, alias or name, exact, or /pattern/',
    '联系人：id、备注或昵称（精确），或 /正则/',
  ),
  contactId: optionalString('the same, older spelling', '同 id（旧写法）'),
};

/** Identifies one room. */
export const roomRef = {
  id: optionalString('the room: id or topic, exact, or /pattern/', '群：id 或群名（精确），或 /正则/'),
  roomId: optionalString('the same, older spelling', '同 id（旧写法）'),
};

/** Identifies several contacts or members. */
export const memberRefs = {
  contacts: stringOrList('the contacts: ids, aliases or names', '联系人：id、备注或昵称'),
  contactId: stringOrList('the same, older spelling', '同 contacts（旧写法）'),
};

/** The required id of a message, friend request, invitation or post. */
export function idParam(en: string, zh: string) {
  return Type.String({ minLength: 1, ...describe(en, zh) });
}

/** Pagination of a list. */
export const pagingParams = {
  page: Type.Optional(
    Type.Integer({
      minimum: 1,
      ...describe('only this page, from 1; without it everything', '第几页，从 1 开始；不填则全部'),
    }),
  ),
  size: Type.Optional(
    Type.Integer({ minimum: 1, ...describe('entries per page, 100 unless told', '每页条数，默认 100') }),
  ),
};

/** One page of a list; all of it without a page number. */
export function paginate<Entry>(
  entries: Entry[],
  { page, size = 100 }: { page?: number; size?: number },
): Entry[] {
  return page === undefined ? entries : entries.slice((page - 1) * size, page * size);
}

/** The content of a message. */
export const contentParams = {
  messageType: optionalString(
    'Text (unless told), Image, Attachment, Video, Audio, Emoticon, Url, MiniProgram, Location, Contact or Post',
    '消息类型：Text（默认）、Image、Attachment、Video、Audio、Emoticon、Url、MiniProgram、Location、Contact 或 Post',
  ),
  messagePayload: Type.Optional(
    Type.Unknown(
      describe(
        'what to send: a text; for files a Buffer, a data: or http(s) URL, a path, or {base64|url|path|buffer, name}; for the rest an object',
        '内容：文本；文件可为 Buffer、data: 或 http(s) 地址、本地路径，或 {base64|url|path|buffer, name}；其他类型为对象',
      ),
    ),
  ),
  filename: optionalString('the name of the file that is sent', '发送的文件名'),
};

/** The members that a text in a room mentions. */
export const mentionsParam = stringOrList(
  'whom to mention: ids, aliases, names or names in the room, or @all',
  '要 @ 的成员：id、备注、昵称或群昵称，或 @all',
);

/** The result of a command that changed something. */
export const ChangedResult = Type.Object({
  id: Type.String(describe('of what was changed', '被修改对象的 id')),
});

/** A downloaded file. */
export const FileView = Type.Object(
  {
    name: Type.String(),
    mimeType: Type.String(),
    size: Type.Integer(describe('in bytes', '字节数')),
    data: Type.Unsafe<Buffer>({ type: 'object', ...describe('its content, a Buffer', '内容（Buffer）') }),
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
