/** Prepares the content of a message once, for any number of recipients. */
import { FileBox } from 'file-box';
import Type, { type TObject } from 'typebox';
import { Value } from 'typebox/value';
import * as PUPPET from 'wechaty-puppet';
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import { parseLimitedJson } from '../../bot/limited-json';
import type { CommandContext } from '../command';
import { type ContentType, contentTypes } from './content-types';
import { type FileContent, loadFile, type FileType } from './file-input';
import { formatIssue, firstMeaningful } from '../validation-error';

/** The parameters that describe a content. */
export interface ContentParams {
  readonly messageType?: string;
  readonly messagePayload?: unknown;
  readonly filename?: string;
}

/** A prepared content; can be sent any number of times. */
export interface Content {
  /** The text of a `Text`, to which mentions can be added; undefined for other types. */
  readonly text?: string;
  /** The name of the puppet method, for errors. */
  readonly call: string;
  /** Resolves to the message's id if the puppet returns one. */
  send(puppet: PUPPET.Puppet, conversationId: string): Promise<string | undefined>;
  /** The content as a part of a post. */
  toSayable(): PUPPET.payloads.Sayable;
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
 * Validates a content; reads or downloads its file.
 * @throws WechatError INVALID_PARAMS (empty, unknown type, wrong shape), and what `fileFrom` throws.
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
      return contactCardContent(bot, payload);
    case 'Post':
      return postContent(await buildPost(bot, payload, PUPPET.types.Post.Message, context));
    default:
      return fileContent(type, await loadFile(payload, type, params.filename, context));
  }
}

/** A text; `mentionIds` are the members whose names it contains. */
export function textContent(payload: unknown, mentionIds: readonly string[] = []): Content {
  if (!['string', 'number', 'boolean'].includes(typeof payload))
    throw badContentError('Text', 'problemNotText');
  const text = String(payload);
  if (text.trim() === '') throw new WechatError('INVALID_PARAMS', 'emptyContent');
  return {
    text,
    call: 'messageSendText',
    send: async (puppet, id) => sentId(await puppet.messageSendText(id, text, [...mentionIds])),
    toSayable: () => ({ type: PUPPET.types.Sayable.Text, payload: { text, mentions: [...mentionIds] } }),
  };
}

/**
 * Builds a post from one or several contents: `{messageType, messagePayload}`, a list of them, or a text.
 * @throws WechatError as `prepareContent` does.
 */
export async function buildPost(
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
      throw badContentError('Post', 'problemPart');
    }
    const params: ContentParams = isText ? { messagePayload: part } : part;
    if (!isText && contentTypeOf(params.messageType) === 'Post') {
      throw badContentError('Post', 'problemPostInPost');
    }
    contents.push(await prepareContent(bot, params, context));
  }
  return { type, sayableList: contents.map((content) => content.toSayable()) };
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
  // A new FileBox for each recipient, because a FileBox keeps its read position.
  const createBox = (): FileBox => {
    const fileBox = FileBox.fromBuffer(data, name);
    if (type === 'Emoticon') fileBox.metadata = { type: 'emoticon' };
    // The metadata key that puppets read the length of a voice message from.
    else if (type === 'Audio' && voiceLength !== undefined) fileBox.metadata = { voiceLength };
    return fileBox;
  };
  return {
    call: 'messageSendFile',
    send: async (puppet, id) => sentId(await puppet.messageSendFile(id, createBox())),
    toSayable: () => ({ type: PUPPET.types.Sayable[type], payload: { filebox: createBox() } }),
  };
}

function linkContent(payload: unknown): Content {
  const isPlainUrl = typeof payload === 'string' && !payload.trim().startsWith('{');
  const { url, title, ...rest } = parseShape('Url', Link, isPlainUrl ? { url: payload.trim() } : payload);
  if (!URL.canParse(url)) throw badContentError('Url', 'problemUrl');
  const link = { ...rest, url, title: title ?? url };
  return {
    call: 'messageSendUrl',
    send: async (puppet, id) => sentId(await puppet.messageSendUrl(id, link)),
    toSayable: () => ({ type: PUPPET.types.Sayable.Url, payload: link }),
  };
}

function miniProgramContent(payload: unknown): Content {
  const program = parseShape('MiniProgram', MiniProgram, payload);
  if (!program.appid && !program.username) throw badContentError('MiniProgram', 'problemNoProgram');
  return {
    call: 'messageSendMiniProgram',
    send: async (puppet, id) => sentId(await puppet.messageSendMiniProgram(id, program)),
    toSayable: () => ({ type: PUPPET.types.Sayable.MiniProgram, payload: program }),
  };
}

function locationContent(payload: unknown): Content {
  const location = { name: '', address: '', accuracy: 15, ...parseShape('Location', Location, payload) };
  return {
    call: 'messageSendLocation',
    send: async (puppet, id) => sentId(await puppet.messageSendLocation(id, location)),
    toSayable: () => ({ type: PUPPET.types.Sayable.Location, payload: location }),
  };
}

/** A contact card; the payload is a name or id, or a contact object as events contain it. */
async function contactCardContent(bot: Bot, payload: unknown): Promise<Content> {
  const query: unknown = typeof payload === 'object' ? (payload as { id?: unknown } | null)?.id : payload;
  if (typeof query !== 'string' || query === '') throw badContentError('Contact', 'problemNotNamed');
  const { id: contactId } = await bot.account().contacts.findOne(query);
  return {
    call: 'messageSendContact',
    send: async (puppet, id) => sentId(await puppet.messageSendContact(id, contactId)),
    toSayable: () => ({ type: PUPPET.types.Sayable.Contact, payload: { contactId } }),
  };
}

function postContent(post: PUPPET.payloads.PostClient): Content {
  return {
    call: 'messageSendPost',
    send: async (puppet, id) => sentId(await puppet.messageSendPost(id, post)),
    toSayable: () => {
      throw badContentError('Post', 'problemPostInPost');
    },
  };
}

/** The id that a puppet returned; undefined if it returned none. */
function sentId(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The known fields of an object or of JSON text. */
function parseShape<Shape extends TObject>(
  type: ContentType,
  shape: Shape,
  payload: unknown,
): Type.Static<Shape> {
  const value = typeof payload === 'string' ? parseJson(type, payload) : payload;
  if (!Value.Check(shape, value)) {
    const issue = firstMeaningful(Value.Errors(shape, value));
    throw new WechatError(
      'INVALID_PARAMS',
      'badContent',
      { type, problem: formatIssue(issue) },
      { cause: issue },
    );
  }
  return Value.Clean(shape, { ...value }) as Type.Static<Shape>;
}

function parseJson(type: ContentType, json: string): unknown {
  try {
    return parseLimitedJson(Buffer.from(json));
  } catch {
    throw badContentError(type, 'problemNotObject');
  }
}

function badContentError(type: ContentType, key: WechatError['key']): WechatError {
  const problem = new WechatError('INVALID_PARAMS', key);
  return new WechatError(
    'INVALID_PARAMS',
    'badContent',
    { type, problem: problem.message },
    { cause: problem },
  );
}
