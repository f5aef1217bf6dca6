import assert from 'node:assert/strict';
import { truncateJson, summarize } from '../../../../src/nodes/runtime/truncate-json';

const noRedaction = (text: string): string => text;

describe('truncateJson', () => {
  it('returns a copy of a short value', () => {
    const value = { id: 5, text: 'hi', list: [true, null, { deep: 'x' }] };
    assert.deepEqual(truncateJson(value, noRedaction), value);
  });

  it('limits the JSON to 8 KB and keeps as much as fits', () => {
    const long = 'x'.repeat(100_000);
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field ${index}`, long]));
    let deep: object = {};
    for (let depth = 0; depth < 1_000; depth += 1) deep = { deep, list: [deep] };
    for (const value of [long, wide, deep, Array.from({ length: 5_000 }, () => wide)]) {
      assert.ok(JSON.stringify(truncateJson(value, noRedaction)).length <= 8192);
    }
    assert.ok(String(truncateJson(long, noRedaction)).length > 3_000);
    const rooms = Array.from({ length: 1_000 }, (_, id) => ({ id, topic: 'Team' }));
    const shown = truncateJson(rooms, noRedaction) as unknown[];
    assert.deepEqual([shown.length, shown[0], shown.at(-1)], [51, rooms[0], '… 950']);
  });

  it('replaces Buffers by their size and removes codes, keys and sessions', () => {
    const value = {
      data: Buffer.alloc(3),
      qrcode: 'code',
      inner: { token: 'secret', accessToken: 'secret', Password: 'secret', session: 'secret' },
      text: 'the token abc',
    };
    assert.deepEqual(
      truncateJson(value, (text) => text.replaceAll('abc', '***')),
      { data: 'Buffer (3 B)', inner: {}, text: 'the token ***' },
    );
  });
});

describe('summarize', () => {
  it('names sender, conversation and content', () => {
    const talker = { id: 'a', name: 'Ming', alias: '小明' };
    const text = { type: 'Text', text: 'ding\n\ndong' };
    assert.equal(
      summarize({ message: text, talker, room: { id: 'r', topic: 'Team' } }),
      '小明 → Team: ding dong',
    );
    const file = { type: 'Image', text: '', filename: 'cat.png' };
    assert.equal(
      summarize({ message: file, talker, listener: { id: 'bot', name: 'Bot' } }),
      '小明 → Bot: [Image] cat.png',
    );
    assert.equal(summarize({ event: 'error', timestamp: 5, message: 'it broke' }), 'it broke');
    assert.equal(
      summarize({ room: { topic: 'Team' }, invitees: [talker, { id: 'b', name: 'Bob' }] }),
      'Team · 小明, Bob',
    );
    assert.ok(summarize({ message: { type: 'Text', text: 'x'.repeat(1000) }, talker }).length <= 201);
  });
});
