import { equal, throws } from 'node:assert/strict';
import { decodeUtf8, NotUtf8Error } from '../../../src/util/decode-utf8';

describe('decodeUtf8', () => {
  it('decodes every character, and keeps a U+FFFD that was sent', () => {
    for (const text of ['', 'hello', '你好', '🐉', '\u0000', '\uFFFD', '\uFFFF'])
      equal(decodeUtf8(Buffer.from(text)), text);
  });

  it('skips one byte order mark at the start only', () => {
    equal(decodeUtf8(Buffer.from('\uFEFF{"a":1}')), '{"a":1}');
    equal(decodeUtf8(Buffer.from('a\uFEFFb')), 'a\uFEFFb');
  });

  it('decodes a view of a larger buffer', () => {
    equal(decodeUtf8(Buffer.from('[你好]').subarray(1, 7)), '你好');
  });

  const invalid: Readonly<Record<string, readonly number[]>> = {
    'a text in GBK': [0xc4, 0xe3, 0xba, 0xc3],
    'a truncated character': [0xe4, 0xbd],
    'a continuation byte alone': [0x80],
    'an overlong encoding': [0xc0, 0xaf],
    'an encoded surrogate': [0xed, 0xa0, 0x80],
    'a code point beyond Unicode': [0xf4, 0x90, 0x80, 0x80],
    'UTF-16 with its byte order mark': [0xff, 0xfe, 0x61, 0x00],
  };
  for (const [what, bytes] of Object.entries(invalid)) {
    it(`refuses ${what}, and decodes the next text`, () => {
      throws(() => decodeUtf8(Uint8Array.from([0x61, ...bytes])), NotUtf8Error);
      equal(decodeUtf8(Buffer.from('next')), 'next');
    });
  }
});
