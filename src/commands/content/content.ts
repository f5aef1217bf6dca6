/** Turns what a caller wants to send into something that can be sent, once, however many it then goes to. */
import { FileBox } from 'file-box';
import Type, { type TObject } from 'typebox';
import { Value } from 'typebox/value';
import * as PUPPET from 'wechaty-puppet';
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import type { CommandContext } from '../command';
import { type ContentType, contentTypes } from './content-types';
import { type FileContent, fileFrom, type FileType } from './file-input';
import { problemIn, worstOf } from '../validation-error';

/** What a caller gives. */
export interface ContentParams {
  readonly messageType?: string;
  readonly messagePayload?: unknown;
  readonly filename?: string;
}

/** Something that can be sent as often as wanted. */
export interface Content {
  /** Of a text only: the text, to which mentions can be added. */
  readonly text?: string;
  /** The puppet's method, for errors. */
  readonly call: string;
  /** Sends it; resolves to the message's id where the puppet gives one. */
  send(puppet: PUPPET.Puppet, conversationId: string): Promise<string | undefined>;
  /** The same as a part of a post. */
  part(): PUPPET.payloads.Sayable;
}

const typeByName = new Map<string, ContentType>([
  ...contentTypes.map((type) => [type.toLowerCase(), type] as const),
  ['file', 'Attachment'],
]);

const Link = Type.Object({
  url: Type.String({ minLength: 1 }),
  title: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  thumbnailUrl: Type.Optional(Type.String()),
});

const MiniProgram = Type.Partial(
  Type.Object({
    appid: Type.String(),
    username: Type.String(),
    title: Type.String(),
    description: Type.String(),
    pagePath: Type.String(),
    iconUrl: Type.String(),
    thumbUrl: Type.String(),
    thumbKey: Type.String(),
    shareId: Type.String(),
  }),
);

const Location = Type.Object({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  name: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  accuracy: Type.Optional(Type.Number()),
});

/**
 * Reads, downloads and checks a content.
 * @throws WechatError INVALID_PARAMS (empty, unknown type, wrong form), and what `fileFrom` throws.
 */
export async function prepareContent(
  bot: Bot,
  params: ContentParams,
  context: CommandContext,
): Promise<Content> {
  const type = contentTypeOf(params.messageType);
  const payload = params.messagePayload;
  if (payload === undefined || payload === null || payload === '') {
    throw new WechatError('INVALID_PARAMS', 'emptyContent');
  }
  switch (type) {
    case 'Text':
      return textContent(payload);
    case 'Url':
      return linkContent(payload);
    case 'MiniProgram':
      return miniProgramContent(payload);
    case 'Location':
      return locationContent(payload);
    case 'Contact':
      return cardContent(bot, payload);
    case 'Post':
      return postContent(await postOf(bot, payload, PUPPET.types.Post.Message, context));
    default:
      return fileContent(type, await fileFrom(payload, type, params.filename, context));
  }
}

/** A text; `mentionIds` are those whose names are in it. */
export function textContent(payload: unknown, mentionIds: readonly string[] = []): Content {
  if (!['string', 'number', 'boolean'].includes(typeof payload)) throw badContent('Text', 'problemNotText');
  const text = String(payload);
  if (text.trim() === '') throw new WechatError('INVALID_PARAMS', 'emptyContent');
  return {
    text,
    call: 'messageSendText',
    send: async (puppet, id) => sentId(await puppet.messageSendText(id, text, [...mentionIds])),
    part: () => ({ type: PUPPET.types.Sayable.Text, payload: { text, mentions: [...mentionIds] } }),
  };
}

/**
 * A post made of one or several contents: `{messageType, messagePayload}`, a list of them, or a text.
 * @throws WechatError as `prepareContent` does.
 */
export async function postOf(
  bot: Bot,
  payload: unknown,
  type: PUPPET.types.Post,
  context: CommandContext,
): Promise<PUPPET.payloads.PostClient> {
  const parts: unknown[] = Array.isArray(payload) ? payload : [payload];
  if (parts.length === 0) throw new WechatError('INVALID_PARAMS', 'emptyContent');
  const contents: Content[] = [];
  for (const part of parts) {
    const isText = typeof part === 'string';
    if (!isText && (typeof part !== 'object' || part === null || !('messagePayload' in part))) {
      throw badContent('Post', 'problemPart');
    }
    const params: ContentParams = isText ? { messagePayload: part } : part;
    if (!isText && contentTypeOf(params.messageType) === 'Post') {
      throw badContent('Post', 'problemPostInPost');
    }
    contents.push(await prepareContent(bot, params, context));
  }
  return { type, sayableList: contents.map((content) => content.part()) };
}

function contentTypeOf(name = 'Text'): ContentType {
  const type = typeByName.get((name || 'Text').toLowerCase());
  if (!type)
    throw new WechatError('INVALID_PARAMS', 'unknownContentType', {
      type: name,
      types: contentTypes.join(', '),
    });
  return type;
}

function fileContent(type: FileType, { name, data, voiceLength }: FileContent): Content {
  // Anew for each one it goes to: a box remembers how far it was read.
  const box = (): FileBox => {
    const made = FileBox.fromBuffer(data, name);
    if (type === 'Emoticon') made.metadata = { type: 'emoticon' };
    // Puppets that send voice messages read it by this name; without it they cannot tell how long one is.
    else if (type === 'Audio' && voiceLength !== undefined) made.metadata = { voiceLength };
    return made;
  };
  return {
    call: 'messageSendFile',
    send: async (puppet, id) => sentId(await puppet.messageSendFile(id, box())),
    part: () => ({ type: PUPPET.types.Sayable[type], payload: { filebox: box() } }),
  };
}

function linkContent(payload: unknown): Content {
  const isBare = typeof payload === 'string' && !payload.trim().startsWith('{');
  const { url, title, ...rest } = shaped('Url', Link, isBare ? { url: payload.trim() } : payload);
  if (!URL.canParse(url)) throw badContent('Url', 'problemUrl');
  const link = { ...rest, url, title: title ?? url };
  return {
    call: 'messageSendUrl',
    send: async (puppet, id) => sentId(await puppet.messageSendUrl(id, link)),
    part: () => ({ type: PUPPET.types.Sayable.Url, payload: link }),
  };
}

function miniProgramContent(payload: unknown): Content {
  const program = shaped('MiniProgram', MiniProgram, payload);
  if (!program.appid && !program.username) throw badContent('MiniProgram', 'problemNoProgram');
  return {
    call: 'messageSendMiniProgram',
    send: async (puppet, id) => sentId(await puppet.messageSendMiniProgram(id, program)),
    part: () => ({ type: PUPPET.types.Sayable.MiniProgram, payload: program }),
  };
}

function locationContent(payload: unknown): Content {
  const place = { name: '', address: '', accuracy: 15, ...shaped('Location', Location, payload) };
  return {
    call: 'messageSendLocation',
    send: async (puppet, id) => sentId(await puppet.messageSendLocation(id, place)),
    part: () => ({ type: PUPPET.types.Sayable.Location, payload: place }),
  };
}

/** A contact's card; the payload names the contact or is a contact as events hold it. */
async function cardContent(bot: Bot, payload: unknown): Promise<Content> {
  const query: unknown = typeof payload === 'object' ? (payload as { id?: unknown } | null)?.id : payload;
  if (typeof query !== 'string' || query === '') throw badContent('Contact', 'problemNotNamed');
  const { id: contactId } = await bot.account().contacts.one(query);
  return {
    call: 'messageSendContact',
    send: async (puppet, id) => sentId(await puppet.messageSendContact(id, contactId)),
    part: () => ({ type: PUPPET.types.Sayable.Contact, payload: { contactId } }),
  };
}

function postContent(post: PUPPET.payloads.PostClient): Content {
  return {
    call: 'messageSendPost',
    send: async (puppet, id) => sentId(await puppet.messageSendPost(id, post)),
    part: () => {
      throw badContent('Post', 'problemPostInPost');
    },
  };
}

/** Puppets resolve to an id, or to nothing. */
function sentId(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The known fields of an object, which may also come as JSON. */
function shaped<Shape extends TObject>(
  type: ContentType,
  shape: Shape,
  payload: unknown,
): Type.Static<Shape> {
  const value = typeof payload === 'string' ? parsed(type, payload) : payload;
  if (!Value.Check(shape, value)) {
    const misfit = worstOf(Value.Errors(shape, value));
    throw new WechatError(
      'INVALID_PARAMS',
      'badContent',
      { type, problem: problemIn(misfit) },
      { cause: misfit },
    );
  }
  return Value.Clean(shape, { ...value }) as Type.Static<Shape>;
}

function parsed(type: ContentType, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw badContent(type, 'problemNotObject');
  }
}

function badContent(type: ContentType, key: WechatError['key']): WechatError {
  const problem = new WechatError('INVALID_PARAMS', key);
  return new WechatError(
    'INVALID_PARAMS',
    'badContent',
    { type, problem: problem.message },
    { cause: problem },
  );
}
