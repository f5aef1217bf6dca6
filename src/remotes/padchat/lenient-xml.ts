/**
 * Parses the XML that PadChat's clients send. The package padchat-sdk and others put texts into it without escaping
 * them, such as an address with `&`.
 */
import { XMLParser } from 'fast-xml-parser';

/** The parser expands no entities (billion laughs); `decodeEntities` decodes XML's own five and character codes. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
});

/** Elements that contain nothing but text. */
const textElements = [
  ...['title', 'des', 'url', 'lowurl', 'thumburl', 'content', 'sourceusername', 'sourcedisplayname'],
  ...['username', 'appid', 'pagepath', 'weappiconurl', 'contentDesc'],
];

const textElement = new RegExp(`<(${textElements.join('|')})>`, 'g');

/** Parses a document. @throws Error if it is not XML even with its texts escaped. */
export function parseLenientXml(xml: string): unknown {
  return parser.parse(escapeTexts(xml), true);
}

/** The first child element of this name. */
export function child(element: unknown, name: string): unknown {
  const value =
    typeof element === 'object' && element !== null
      ? (element as Readonly<Record<string, unknown>>)[name]
      : undefined;
  // The parser returns repeated elements as a list; the first one counts.
  return Array.isArray(value) ? (value[0] as unknown) : value;
}

/** The text of the element at a path, or of an attribute (`@name`); empty if there is none. */
export function textOf(element: unknown, ...path: readonly string[]): string {
  const value = path.reduce(child, element);
  const text = typeof value === 'object' ? child(value, '#text') : value;
  return typeof text === 'string' ? decodeEntities(text).trim() : '';
}

/** Escapes what is not XML in elements that contain text: `&` without an entity, `<` and `>`. CDATA stays as it is. */
function escapeTexts(xml: string): string {
  let escaped = '';
  let position = 0;
  for (const { 0: tag, 1: name = '', index } of xml.matchAll(textElement)) {
    if (index < position) continue;
    const start = index + tag.length;
    const isCdata = xml.startsWith('<![CDATA[', start);
    const end = xml.indexOf(isCdata ? ']]>' : `</${name}>`, start);
    if (end < 0) break;
    const text = xml.slice(start, end);
    escaped += xml.slice(position, start) + (isCdata ? text : escapeText(text));
    position = end;
  }
  return escaped + xml.slice(position);
}

function escapeText(text: string): string {
  return text
    .replace(/&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);)/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name, decimal, hex) => {
      if (name) return entities[String(name).toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
