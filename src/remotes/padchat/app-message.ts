/** Reads the XML of app messages that clients want to have sent: links and mini programs. */
import { XMLParser } from 'fast-xml-parser';
import { WechatError } from '../../bot/errors';

/** What the `send` command takes for it. */
export interface SendableApp {
  readonly messageType: 'Url' | 'MiniProgram';
  readonly messagePayload: Readonly<Record<string, string>>;
}

/** Longer XML is not an app message. In characters. */
const longest = 256 * 1024;

/** Entities are not expanded by the parser, whoever declared them: only XML's own five and numbers mean something. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
});

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name, decimal, hex) => {
      if (name) return entities[String(name).toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

type Element = Readonly<Record<string, unknown>>;

function child(element: unknown, name: string): unknown {
  const value = typeof element === 'object' && element !== null ? (element as Element)[name] : undefined;
  // An element that stands there several times is meant once.
  return Array.isArray(value) ? (value[0] as unknown) : value;
}

function textOf(element: unknown, ...path: readonly string[]): string {
  const value = path.reduce(child, element);
  const text = typeof value === 'object' ? child(value, '#text') : value;
  return typeof text === 'string' ? decoded(text).trim() : '';
}

/**
 * Reads `<appmsg>…</appmsg>`, with or without `<msg>` around it (the PadChat document, 发送App消息).
 * @throws WechatError INVALID_PARAMS when it is no such XML, UNSUPPORTED when it is neither a link nor a mini program.
 */
export function readAppMessage(xml: string): SendableApp {
  const app = appIn(xml);
  const title = textOf(app, 'title');
  const description = textOf(app, 'des');
  const url = textOf(app, 'url');
  const type = textOf(app, 'type');
  const filled = (fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  switch (type) {
    case '':
    case '4':
    case '5':
      return {
        messageType: 'Url',
        messagePayload: filled({ url, title, description, thumbnailUrl: textOf(app, 'thumburl') }),
      };
    case '33':
    case '36':
      return {
        messageType: 'MiniProgram',
        messagePayload: filled({
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

function appIn(xml: string): unknown {
  if (xml.length > longest) throw notXml('it is too long');
  let document: unknown;
  try {
    document = parser.parse(xml, true);
  } catch (error) {
    throw notXml(error instanceof Error ? error.message.slice(0, 200) : '');
  }
  const app = child(child(document, 'msg'), 'appmsg') ?? child(document, 'appmsg');
  if (typeof app !== 'object' || app === null) throw notXml('it has no appmsg element');
  return app;
}

function notXml(problem: string): WechatError {
  return new WechatError('INVALID_PARAMS', 'badContent', { type: 'Url', problem });
}
