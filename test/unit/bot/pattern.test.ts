import assert from 'node:assert/strict';
import { compilePattern, parsePattern } from '../../../src/bot/pattern';

const texts = [
  '',
  'ding',
  'DING dong',
  '42',
  '你好，世界',
  '中文 and English',
  'a\nb',
  'a\r\nb',
  '@Bot\u2005help',
  'full\u3000width',
  'no\u00a0break',
  '😀',
  'x😀y',
  'price: 12.50 €',
  'a-b_c',
  '/path/to',
  '[x]',
  '{a}',
  '\u0001',
  '\b',
  'e',
  'A',
  'É',
];

/** Patterns whose result on each text must be that of JavaScript. */
const sameAsJavaScript: readonly [source: string, flags?: string][] = [
  ['ding'],
  ['^ding$'],
  ['DING', 'i'],
  ['é', 'i'],
  ['^b', 'm'],
  ['a.b'],
  ['a.b', 's'],
  ['^.$', 'u'],
  ['\\d+\\.\\d{2}'],
  ['\\bdong\\b'],
  ['\\s'],
  ['^\\S+$'],
  ['[\\s,，]'],
  ['[^\\s]'],
  ['[\\S]'],
  ['[^\\S]'],
  ['\\u4f60\\u597d'],
  ['\\u{1F600}', 'u'],
  ['[\\u4e00-\\u9fff]+'],
  ['\\p{Script=Han}', 'u'],
  ['\\p{L}', 'u'],
  ['[^\\p{L}]', 'u'],
  ['\\p{gc=Lu}', 'u'],
  ['(?<word>d.ng)'],
  ['(?:a|你)'],
  ['a\\-b'],
  ['\\/path\\/'],
  ['/path/'],
  ['[[]x]'],
  ['[\\[\\]]'],
  ['[^]'],
  ['[]'],
  ['[\\b]'],
  ['\\x41'],
  ['\\cA'],
  ['\\e'],
  ['\\A'],
  ['\\Q'],
  ['{a}'],
  ['a{,3}'],
  ['x?'],
  ['[[:alpha:]]'],
  ['@Bot\\s+help'],
];

describe('compilePattern', () => {
  for (const [source, flags = ''] of sameAsJavaScript) {
    it(`matches /${source}/${flags} as JavaScript does`, () => {
      const pattern = compilePattern(source, flags);
      const expected = new RegExp(source, flags);
      for (const text of texts) assert.equal(pattern.test(text), expected.test(text), JSON.stringify(text));
    });
  }

  // Each of these would take years with backtracking.
  for (const source of [
    '^(\\w+\\s?)*$',
    '^(a+)+$',
    '(a|aa)+$',
    '(.*a){20}b',
    '(a*)*(a*)*c',
    'a?'.repeat(40) + 'b',
  ]) {
    it(`matches ${source} in linear time`, () => {
      assert.equal(compilePattern(source).test(`${'a'.repeat(20_000)}!`), false);
    });
  }

  for (const source of ['(?=a)b', 'a(?!b)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?<n>a)\\k<n>']) {
    it(`rejects ${source} and names the construct`, () => {
      assert.throws(() => compilePattern(source), { code: 'INVALID_PARAMS', message: /not supported/ });
    });
  }

  for (const [title, source] of [
    ['a long pattern', '(a|b)'.repeat(50_000)],
    ['many repetitions', '.{999}'.repeat(100)],
    ['nested repetitions', '((a{30}){30}){30}'],
    ['a repeated long group', `(${'a'.repeat(1_000)}){900}`],
  ] as const) {
    it(`rejects ${title} before compiling it`, () => {
      assert.throws(() => compilePattern(source), { code: 'INVALID_PARAMS', message: /too long/ });
    });
  }

  for (const source of ['(', '[a', 'a**', '\\p{Nothing}', 'a{2,1}']) {
    it(`rejects the invalid ${source.slice(0, 20)}`, () => {
      assert.throws(() => compilePattern(source), {
        code: 'INVALID_PARAMS',
        message: /is not a valid regular expression/,
      });
    });
  }
});

describe('parsePattern', () => {
  it('reads /pattern/flags only', () => {
    assert.ok(parsePattern('/DING/i')?.test('ding'));
    assert.ok(parsePattern('/a/b/')?.test('a/b'));
    for (const query of ['ding', '/', '//', '/ding', '/ding/x', `/${'x'.repeat(250_000)}`])
      assert.equal(parsePattern(query), undefined, query.slice(0, 20));
  });
});
