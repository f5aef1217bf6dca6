/** Parameters and results that many commands share. */
import Type from 'typebox';
import { WechatError } from '../bot/errors';
import { describe } from '../bot/views';

/** A parameter that may be left out. */
export function maybe(en: string, zh: string) {
  return Type.Optional(Type.String(describe(en, zh)));
}

/** A list that may also be given as its only item. */
export function listOf(en: string, zh: string) {
  return Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], describe(en, zh)));
}

/** Which contact a command is about. */
export const whichContact = {
  id: maybe(
    'the contact: id, alias or name, exact, or /pattern/',
    '联系人：id、备注名或昵称（精确），或 /正则/',
  ),
  contactId: maybe('the same, older spelling', '同 id（旧写法）'),
};

/** Which room a command is about. */
export const whichRoom = {
  id: maybe('the room: id or topic, exact, or /pattern/', '群：id 或群名（精确），或 /正则/'),
  roomId: maybe('the same, older spelling', '同 id（旧写法）'),
};

/** Which people a command about a room is about. */
export const whichMembers = {
  contacts: listOf('the contacts: ids, aliases or names', '联系人：id、备注名或昵称'),
  contactId: listOf('the same, older spelling', '同 contacts（旧写法）'),
};

/** Which message, friend request, invitation or post a command is about. */
export function itsId(en: string, zh: string) {
  return Type.String({ minLength: 1, ...describe(en, zh) });
}

/** Which part of a long list is wanted. */
export const paging = {
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

/** The wanted part of a list. */
export function pageOf<Entry>(
  entries: Entry[],
  { page, size = 100 }: { page?: number; size?: number },
): Entry[] {
  return page === undefined ? entries : entries.slice((page - 1) * size, page * size);
}

/** What the contents of a message are made from. */
export const content = {
  messageType: maybe(
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
  filename: maybe('the name of the file that is sent', '发送的文件名'),
};

/** Whom a text in a room mentions. */
export const mentions = listOf(
  'whom to mention: ids, aliases, names or names in the room, or @all',
  '要 @ 的成员：id、备注名、昵称或群昵称，或 @all',
);

/** The result of a command that changed something. */
export const Changed = Type.Object({
  id: Type.String(describe('of what was changed', '被修改对象的 id')),
});

/** A file that was asked for. */
export const FileView = Type.Object(
  {
    name: Type.String(),
    mimeType: Type.String(),
    size: Type.Integer(describe('in bytes', '字节数')),
    data: Type.Unsafe<Buffer>({ type: 'object', ...describe('its content, a Buffer', '内容（Buffer）') }),
  },
  describe('a file', '文件'),
);

/** The items of a parameter that may be one, several or nothing; empty ones do not count. */
export function items(...given: (string | readonly string[] | undefined)[]): string[] {
  const flat = given.flatMap((item) => item ?? []);
  return flat.filter((item) => item !== '');
}

/**
 * The first that was filled in.
 * @throws WechatError INVALID_PARAMS naming the parameter when none was.
 */
export function needed(parameter: string, ...given: (string | undefined)[]): string {
  const [first] = items(...given);
  if (first === undefined) throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter });
  return first;
}
