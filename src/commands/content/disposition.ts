/** File names in `Content-Disposition` (RFC 6266), also as many servers write them against the rules. */
import { decodeUtf8 } from '../../util/decode-utf8';
import { basenameOf } from './file-name';

/** The file name in a header as Node.js has it, one character for each byte; empty if there is none. */
export function dispositionName(header: string): string {
  const parameter = (pattern: string): string | undefined => {
    const match = new RegExp(`(?:^|[;\\s])${pattern}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;"]*))`, 'i').exec(
      header,
    );
    return match ? (match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? '').trim() : undefined;
  };
  const extended = /^([\w-]+)'[^']*'(.*)$/s.exec(parameter('filename\\*') ?? '');
  const name = extended ? decodePercent(extended[2] ?? '', extended[1]) : undefined;
  return basenameOf(name ?? decodePlain(parameter('filename') ?? ''));
}

/** Decodes a name that is UTF-8, percent-encoded UTF-8 or encoded words (RFC 2047); the name itself if it is none. */
function decodePlain(name: string): string {
  const words = name.replace(/\?=\s+=\?/g, '?==?').replace(/=\?([\w-]+)\?([bq])\?([^?]*)\?=/gi, decodeWord);
  if (words !== name) return words;
  const text = utf8Of(Buffer.from(name, 'latin1')) ?? name;
  return /%[0-9a-f]{2}/i.test(text) ? (decodePercent(text) ?? text) : text;
}

function decodeWord(word: string, charset: string, encoding: string, encoded: string): string {
  const bytes =
    encoding.toLowerCase() === 'b'
      ? Buffer.from(encoded, 'base64')
      : bytesOf(encoded.replaceAll('_', ' ').replaceAll('=', '%'));
  return textOf(bytes, charset) ?? word;
}

function decodePercent(text: string, charset = 'utf-8'): string | undefined {
  return textOf(bytesOf(text), charset);
}

function bytesOf(percentEncoded: string): Buffer {
  const decoded = percentEncoded.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1'),
  );
  return Buffer.from(decoded, 'latin1');
}

function textOf(bytes: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes as UTF-8; undefined if they are not. */
export function utf8Of(bytes: Buffer): string | undefined {
  try {
    return decodeUtf8(bytes);
  } catch {
    return undefined;
  }
}
