import assert from 'node:assert/strict';
import { decodeEmojiElements, decodeHtmlText } from '../../../src/util/html-text';

const grin = '<span class="emoji emoji1f600"></span>';

describe('decodeHtmlText', () => {
  for (const [text, expected] of [
    ['Ming', 'Ming'],
    ['R&amp;D', 'R&D'],
    [`Ming${grin}`, 'Ming😀'],
    [`${grin}A &lt;&#39;&#x4e2d;&quot;&gt;${grin}`, '😀A <\'中">😀'],
    ['<span class="emoji emoji1f1e81f1f3"></span>', '🇨🇳'],
    ['<span class="emoji emoji2600"></span>', '☀'],
    ['<span class="emoji emoji002320e3"></span>', '#⃣'],
    // Once only.
    ['&amp;lt;', '&lt;'],
    ['&lt;span class="emoji emoji1f600"&gt;&lt;/span&gt;', grin],
    // Names of other puppets, which are no HTML.
    ['A & B', 'A & B'],
    ['<3', '<3'],
    ['A & B &amp; C', 'A & B &amp; C'],
    ['&unknown;', '&unknown;'],
    [`A & B${grin}`, 'A & B😀'],
    ['<b>bold</b>', '<b>bold</b>'],
    // What is no character stays.
    ['&#0;', '&#0;'],
    ['&#x110000;', '&#x110000;'],
    ['<span class="emoji emojiabcdef"></span>', '<span class="emoji emojiabcdef"></span>'],
  ] as const) {
    it(`decodes ${text}`, () => {
      assert.equal(decodeHtmlText(text), expected);
    });
  }
});

describe('decodeEmojiElements', () => {
  it('leaves references as they are', () => {
    assert.equal(decodeEmojiElements(`&amp;${grin}`), '&amp;😀');
  });
});
