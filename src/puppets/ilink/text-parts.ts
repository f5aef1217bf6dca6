/** Cuts texts that are longer than WeChat takes. */

/** The plugin of Tencent cuts at 4,000 characters; 16,384 bytes of UTF-8 are the limit of the service. */
const maxCharacters = 4_000;

const fence = /^(```|~~~).*$/;

/** Where to cut, best first: between paragraphs, between lines, after sentences, between words. */
const boundaries = [/\n\s*\n/g, /\n/g, /[。！？!?…]+["”’」』)）]*|\.(?=\s)/g, /\s/g];

/** The shortest part, as a share of the longest, for which a better place to cut is preferred. */
const minShare = 0.3;

/**
 * The parts of a text in order: as few as possible, cut at a paragraph, else a line, a sentence, a word, a character.
 * A code fence that is cut is closed in one part and opened again in the next.
 */
export function splitText(text: string, limit = maxCharacters): string[] {
  const parts: string[] = [];
  let rest = text;
  let opened = '';
  while (opened.length + rest.length > limit) {
    // Room for a fence that has to be closed.
    const cut = findCut(rest, limit - opened.length - 4);
    const head = opened + rest.slice(0, cut).replace(/\s+$/, '');
    rest = rest.slice(cut).replace(/^(\s*\n)+/, '');
    const open = openFence(head);
    if (head !== '') parts.push(open === '' ? head : `${head}\n${open.slice(0, 3)}`);
    opened = open === '' ? '' : `${open}\n`;
  }
  const last = opened + rest;
  if (rest.trim() !== '' || parts.length === 0) parts.push(last);
  return parts;
}

/** Where the first part ends, at `limit` at the latest. */
function findCut(text: string, limit: number): number {
  const head = text.slice(0, limit);
  for (const boundary of boundaries) {
    let best = 0;
    for (const { index, 0: found } of head.matchAll(boundary)) best = index + found.length;
    if (best >= limit * minShare) return best;
  }
  // Not inside a character of two UTF-16 units.
  const code = text.charCodeAt(limit - 1);
  return code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit;
}

/** The line that opened the code fence in which a text ends; empty when it ends outside of one. */
function openFence(text: string): string {
  let open = '';
  for (const line of text.split('\n')) {
    if (!fence.test(line)) continue;
    if (open === '') open = line.length > 40 ? line.slice(0, 3) : line;
    else if (line.startsWith(open.slice(0, 3))) open = '';
  }
  return open;
}
