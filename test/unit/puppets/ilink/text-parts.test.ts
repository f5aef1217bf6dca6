import assert from 'node:assert/strict';
import { splitText } from '../../../../src/puppets/ilink/text-parts';

describe('ilink: parts of a text', () => {
  for (const [what, text, expected] of [
    ['a short text stays', 'short', ['short']],
    ['at a paragraph', `${'a'.repeat(60)}\n\n${'b'.repeat(60)}`, ['a'.repeat(60), 'b'.repeat(60)]],
    ['at a line', `${'a'.repeat(60)}\n${'b'.repeat(60)}`, ['a'.repeat(60), 'b'.repeat(60)]],
    ['after a sentence', `${'字'.repeat(60)}。${'字'.repeat(60)}`, [`${'字'.repeat(60)}。`, '字'.repeat(60)]],
    ['between words', `${'a'.repeat(60)} ${'b'.repeat(60)}`, ['a'.repeat(60), 'b'.repeat(60)]],
    ['between characters', 'a'.repeat(150), ['a'.repeat(96), 'a'.repeat(54)]],
    ['not inside an emoji', `a${'😀'.repeat(60)}`, [`a${'😀'.repeat(47)}`, '😀'.repeat(13)]],
    [
      'a code fence is closed and opened again',
      `\`\`\`js\n${'x\n'.repeat(40)}${'y\n'.repeat(20)}\`\`\``,
      undefined,
    ],
  ] as const) {
    it(what, () => {
      const parts = splitText(text, 100);
      for (const part of parts) assert.ok(part.length <= 100, `${part.length}`);
      if (expected) assert.deepEqual(parts, expected);
      else
        for (const part of parts) {
          assert.match(part, /^```js\n/);
          assert.match(part, /\n```$/);
        }
    });
  }

  it('keeps every word, whatever the text', () => {
    const words = Array.from({ length: 3_000 }, (_, index) => `w${index}${index % 7 === 0 ? '.\n' : ''}`);
    const text = words.join(' ');
    const joined = splitText(text, 500).join(' ');
    assert.deepEqual(joined.split(/\s+/), text.split(/\s+/));
  });
});
