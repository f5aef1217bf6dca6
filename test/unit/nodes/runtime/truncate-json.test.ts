import assert from 'node:assert/strict';
import { excerpt, summaryOf } from '../../../../src/nodes/runtime/truncate-json';

const plain = (words: string): string => words;

describe('excerpts of what happened', () => {
  it('are the value itself where it is short', () => {
    const value = { id: 5, text: 'hi', list: [true, null, { deep: 'x' }] };
    assert.deepEqual(excerpt(value, plain), value);
  });

  it('are never longer than 8 KB as JSON, and as much as fits', () => {
    const long = 'x'.repeat(100_000);
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field ${index}`, long]));
    let deep: object = {};
    for (let depth = 0; depth < 1_000; depth += 1) deep = { deep, list: [deep] };
    for (const value of [long, wide, deep, Array.from({ length: 5_000 }, () => wide)]) {
      assert.ok(JSON.stringify(excerpt(value, plain)).length <= 8192);
    }
    assert.ok(String(excerpt(long, plain)).length > 3_000);
    const rooms = Array.from({ length: 1_000 }, (_, id) => ({ id, topic: 'Team' }));
    const shown = excerpt(rooms, plain) as unknown[];
    assert.deepEqual([shown.length, shown[0], shown.at(-1)], [51, rooms[0], '… 950']);
  });

  it('tell files by their size, and codes, keys and sessions not at all', () => {
    const value = {
      data: Buffer.alloc(3),
      qrcode: 'code',
      inner: { token: 'secret', accessToken: 'secret', Password: 'secret', session: 'secret' },
      text: 'the token abc',
    };
    assert.deepEqual(
      excerpt(value, (words) => words.replaceAll('abc', '***')),
      { data: 'Buffer (3 B)', inner: {}, text: 'the token ***' },
    );
  });

  it('have a line that says who, where and what', () => {
    const talker = { id: 'a', name: 'Ming', alias: '小明' };
    const text = { type: 'Text', text: 'ding\n\ndong' };
    assert.equal(
      summaryOf({ message: text, talker, room: { id: 'r', topic: 'Team' } }),
      '小明 → Team: ding dong',
    );
    const file = { type: 'Image', text: '', filename: 'cat.png' };
    assert.equal(
      summaryOf({ message: file, talker, listener: { id: 'bot', name: 'Bot' } }),
      '小明 → Bot: [Image] cat.png',
    );
    assert.equal(summaryOf({ event: 'error', timestamp: 5, message: 'it broke' }), 'it broke');
    assert.equal(
      summaryOf({ room: { topic: 'Team' }, invitees: [talker, { id: 'b', name: 'Bob' }] }),
      'Team · 小明, Bob',
    );
    assert.ok(summaryOf({ message: { type: 'Text', text: 'x'.repeat(1000) }, talker }).length <= 201);
  });
});
