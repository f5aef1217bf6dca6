/** Parses the XML of app messages to send: links and mini programs. */
import Type, { type Static } from 'typebox';
import { WechatError } from '../../bot/errors';
import { child, parseLenientXml, textOf } from './lenient-xml';

/** The parameters of the `send` command for an app message. */
export interface AppMessageContent {
  readonly messageType: 'Url' | 'MiniProgram';
  readonly messagePayload: Readonly<Record<string, string>>;
}

/** A link in the place of its XML, as the PHP client sends it. */
export const AppLink = Type.Object({
  title: Type.String(),
  des: Type.Optional(Type.String()),
  url: Type.String(),
  thumburl: Type.Optional(Type.String()),
});

/** Maximum length of the XML, in characters. */
const maxXmlLength = 256 * 1024;

/**
 * Parses `<appmsg>…</appmsg>`, with or without `<msg>` around it (the PadChat document, 发送App消息).
 * @throws WechatError INVALID_PARAMS for invalid XML, UNSUPPORTED for anything but a link or a mini program.
 */
export function parseAppMessage(xml: string): AppMessageContent {
  const app = parseAppElement(xml);
  const title = textOf(app, 'title');
  const description = textOf(app, 'des');
  const url = textOf(app, 'url');
  const type = textOf(app, 'type');
  switch (type) {
    case '':
    case '4':
    case '5':
      return linkOf({ title, des: description, url, thumburl: textOf(app, 'thumburl') });
    case '33':
    case '36':
      return {
        messageType: 'MiniProgram',
        messagePayload: nonEmpty({
          title,
          description,
          appid: textOf(app, 'weappinfo', 'appid') || textOf(app, '@appid'),
          username: textOf(app, 'weappinfo', 'username') || textOf(app, 'sourceusername'),
          pagePath: textOf(app, 'weappinfo', 'pagepath'),
          iconUrl: textOf(app, 'weappinfo', 'weappiconurl'),
          thumbUrl: textOf(app, 'thumburl'),
        }),
      };
    default:
      throw new WechatError('UNSUPPORTED', 'appMessageUnsupported', { type: type.slice(0, 16) });
  }
}

/** The link to send. */
export function linkOf({ title, des = '', url, thumburl = '' }: Static<typeof AppLink>): AppMessageContent {
  const messagePayload = nonEmpty({ url, title, description: des, thumbnailUrl: thumburl });
  return { messageType: 'Url', messagePayload };
}

function nonEmpty(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

function parseAppElement(xml: string): unknown {
  if (xml.length > maxXmlLength) throw badContentError('it is too long');
  let document: unknown;
  try {
    document = parseLenientXml(xml);
  } catch (error) {
    throw badContentError(error instanceof Error ? error.message.slice(0, 200) : '');
  }
  const app = child(child(document, 'msg'), 'appmsg') ?? child(document, 'appmsg');
  if (typeof app !== 'object' || app === null) throw badContentError('it has no appmsg element');
  return app;
}

function badContentError(problem: string): WechatError {
  return new WechatError('INVALID_PARAMS', 'badContent', { type: 'Url', problem });
}
