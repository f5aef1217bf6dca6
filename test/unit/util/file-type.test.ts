import assert from 'node:assert/strict';
import {
  extensionFor,
  extensionOf,
  type FileClues,
  type MediaKind,
  mediaKindOf,
  mediaTypeOf,
} from '../../../src/util/file-type';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const zip = Buffer.from('504b0304140000', 'hex');
const mp4 = Buffer.from('00000020667479706d703432', 'hex');
const text = Buffer.from('some text');

describe('mediaTypeOf', () => {
  const cases: readonly (readonly [title: string, clues: FileClues, type: string])[] = [
    ['PNG content named .jpg', { content: png, name: 'a.jpg' }, 'image/png'],
    ['PNG content declared as JPEG', { content: png, declared: 'image/jpeg' }, 'image/png'],
    ['PNG content named .txt', { content: png, name: 'a.txt' }, 'image/png'],
    ['GIF content', { content: Buffer.from('GIF89a') }, 'image/gif'],
    ['WAVE content', { content: Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1') }, 'audio/wav'],
    ['AMR content', { content: Buffer.from('#!AMR\n'), name: 'a.mp3' }, 'audio/amr'],
    ['SILK content', { content: Buffer.from('#!SILK_V3') }, 'audio/silk'],
    ['SILK content of WeChat', { content: Buffer.from('\x02#!SILK_V3'), name: 'a.amr' }, 'audio/silk'],
    ['a name ending in .silk', { name: 'a.silk' }, 'audio/silk'],
    ['a name ending in .speex', { content: text, name: 'a.speex' }, 'audio/speex'],
    [
      'unknown content with a declared type',
      { content: text, declared: 'video/mp4', name: 'a.png' },
      'video/mp4',
    ],
    ['a declared type with parameters', { declared: 'Text/HTML; charset=utf-8' }, 'text/html'],
    [
      'a declared type that tells nothing',
      { declared: 'application/octet-stream', name: 'a.PDF' },
      'application/pdf',
    ],
    ['an empty declared type', { declared: '', name: 'a.png' }, 'image/png'],
    ['sound in MP4', { content: mp4, name: 'a.m4a' }, 'audio/mp4'],
    ['sound in Ogg', { content: Buffer.from('OggS\0\x02'), name: 'a.ogg' }, 'audio/ogg'],
    ['WebM', { content: Buffer.from('1a45dfa301', 'hex'), name: 'a.webm' }, 'video/webm'],
    ['a zip file without a name', { content: zip }, 'application/zip'],
    ['an e-book, which is a zip file', { content: zip, name: 'a.epub' }, 'application/epub+zip'],
    [
      'an old Excel file',
      { content: Buffer.from('d0cf11e0a1b11ae1', 'hex'), name: 'a.xls' },
      'application/vnd.ms-excel',
    ],
    ['text that begins as a bitmap does', { content: Buffer.from('BMW'), name: 'cars.txt' }, 'text/plain'],
    ['a name without an extension', { content: text, name: 'png' }, 'application/octet-stream'],
    ['a name with a version', { content: text, name: 'photo_v1.2' }, 'application/octet-stream'],
    ['PNG content with a version in its name', { content: png, name: 'photo_v1.2' }, 'image/png'],
    ['empty content', { content: Buffer.alloc(0), name: 'a.zip' }, 'application/zip'],
    ['nothing', {}, 'application/octet-stream'],
  ];
  for (const [title, clues, type] of cases) {
    it(`returns ${type} for ${title}`, () => assert.equal(mediaTypeOf(clues), type));
  }
});

describe('extensionFor', () => {
  it('returns the usual extension', () => {
    const extensions = {
      'image/jpeg': 'jpg',
      'audio/mpeg': 'mp3',
      'audio/ogg': 'ogg',
      'audio/silk': 'silk',
      'audio/speex': 'speex',
      'audio/amr': 'amr',
      'text/plain; charset=utf-8': 'txt',
      'application/octet-stream': 'bin',
      'no/type': 'bin',
    };
    assert.deepEqual(
      Object.fromEntries(Object.keys(extensions).map((type) => [type, extensionFor(type)])),
      extensions,
    );
  });
});

describe('extensionOf', () => {
  it('returns what follows the last dot, in lower case', () => {
    const names = ['a.PNG', 'a.tar.gz', '.jpg', 'photo_v1.2', 'png', 'a.', 'a.b c', ''];
    assert.deepEqual(names.map(extensionOf), ['png', 'gz', 'jpg', '2', '', '', '', '']);
  });
});

describe('mediaKindOf', () => {
  it('returns how WeChat shows a type', () => {
    const kinds: Record<string, MediaKind> = {
      'image/png': 'image',
      'image/gif': 'emoticon',
      'audio/silk': 'audio',
      'video/x-matroska': 'video',
      'video/mp2t': 'file',
      'image/vnd.dwg': 'file',
      'image/svg+xml': 'file',
      'application/pdf': 'file',
      '': 'file',
    };
    assert.deepEqual(Object.fromEntries(Object.keys(kinds).map((type) => [type, mediaKindOf(type)])), kinds);
  });
});
