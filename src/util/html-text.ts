/**
 * Names as HTML. WeChat's web protocol escapes them and writes emoji as elements, and puppets on it
 * (`wechaty-puppet-wechat4u`) pass that on: `R&amp;D<span class="emoji emoji1f600"></span>`.
 */

const references: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

const emojiElement = /<span class="emoji emoji([\da-f]{4,40})"><\/span>/gi;
const reference = /&(amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[\da-f]{1,6});/gi;
const elementOrReference = new RegExp(`${emojiElement.source}|${reference.source}`, 'gi');

/** Replaces WeChat's emoji elements by their characters; leaves everything else as it is. */
export function decodeEmojiElements(text: string): string {
  return text.includes('<span') ? text.replace(emojiElement, emojiOf) : text;
}

/**
 * The characters of a name that may be HTML. A name with a bare `&` or `<` is not, so that `A & B` and `<3` of other
 * puppets stay as they are; of such a name only emoji elements are replaced. References are decoded once: `&amp;lt;`
 * becomes `&lt;`.
 */
export function decodeHtmlText(text: string): string {
  // The path of nearly every name.
  if (!text.includes('&') && !text.includes('<')) return text;
  if (/[&<]/.test(text.replace(elementOrReference, ''))) return decodeEmojiElements(text);
  return text.replace(elementOrReference, (whole: string, emoji?: string, name?: string) =>
    emoji === undefined ? characterOf(name ?? '', whole) : emojiOf(whole, emoji),
  );
}

/** The characters of an emoji element: its code points without separators, each of four or five digits. */
function emojiOf(element: string, digits: string): string {
  const codePoints = digits.match(/1f[\da-f]{3}|[\da-f]{4}/gi) ?? [];
  if (codePoints.join('') !== digits) return element;
  return String.fromCodePoint(...codePoints.map((digit) => parseInt(digit, 16)));
}

function characterOf(name: string, whole: string): string {
  if (!name.startsWith('#')) return references[name.toLowerCase()] ?? whole;
  const codePoint = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return codePoint > 0 && codePoint <= 0x10_ffff ? String.fromCodePoint(codePoint) : whole;
}
