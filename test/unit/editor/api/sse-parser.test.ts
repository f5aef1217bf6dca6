import assert from 'node:assert/strict';
import { readEvents, type StreamEvent } from '../../../../src/editor/api/sse-parser.editor';

/** What is read from these pieces of a body, and how often something came at all. */
async function read(...pieces: (string | Uint8Array)[]): Promise<{ events: StreamEvent[]; signs: number }> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces)
        controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  let signs = 0;
  for await (const event of readEvents(body, () => (signs += 1))) events.push(event);
  return { events, signs };
}

describe('the events of a stream', () => {
  it('are read one by one, in order', async () => {
    const { events } = await read('event: hello\ndata: {}\n\nevent: bots\ndata: [1]\n\n');
    assert.deepEqual(events, [
      { name: 'hello', data: '{}' },
      { name: 'bots', data: '[1]' },
    ]);
  });

  it('are read wherever the network has cut them, also within a letter', async () => {
    const whole = new TextEncoder().encode('event: message\ndata: {"text":"你好"}\n\n');
    for (let cut = 1; cut < whole.length; cut += 1) {
      const { events } = await read(whole.slice(0, cut), whole.slice(cut));
      assert.deepEqual(events, [{ name: 'message', data: '{"text":"你好"}' }], `cut at ${cut}`);
    }
  });

  it('may have other line ends, and several lines of data', async () => {
    const { events } = await read('event: a\r\ndata: one\r', '\ndata: two\r\n\r\n');
    assert.deepEqual(events, [{ name: 'a', data: 'one\ntwo' }]);
  });

  it('are not made of heartbeats, which still are a sign of life', async () => {
    const { events, signs } = await read(': still here\n\n', ':\n\n');
    assert.deepEqual(events, []);
    assert.equal(signs, 2);
  });

  it('that are cut off at the end are not told', async () => {
    const { events } = await read('event: a\ndata: 1\n\nevent: b\ndata: 2');
    assert.deepEqual(events, [{ name: 'a', data: '1' }]);
  });
});
