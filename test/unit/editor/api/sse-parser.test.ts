import assert from 'node:assert/strict';
import { parseSse, type ServerSentEvent } from '../../../../src/editor/api/sse-parser.editor';

/** Parses a body that consists of these chunks. @returns the events, and the number of chunks */
async function read(
  ...parts: (string | Uint8Array)[]
): Promise<{ events: ServerSentEvent[]; chunks: number }> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(typeof part === 'string' ? encoder.encode(part) : part);
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  let signs = 0;
  for await (const event of parseSse(body, () => (signs += 1))) events.push(event);
  return { events, chunks: signs };
}

describe('parseSse', () => {
  it('yields the events in order', async () => {
    const { events } = await read('event: hello\ndata: {}\n\nevent: bots\ndata: [1]\n\n');
    assert.deepEqual(events, [
      { name: 'hello', data: '{}' },
      { name: 'bots', data: '[1]' },
    ]);
  });

  it('joins events that are split at any byte, also within a character', async () => {
    const whole = new TextEncoder().encode('event: message\ndata: {"text":"你好"}\n\n');
    for (let cut = 1; cut < whole.length; cut += 1) {
      const { events } = await read(whole.slice(0, cut), whole.slice(cut));
      assert.deepEqual(events, [{ name: 'message', data: '{"text":"你好"}' }], `cut at ${cut}`);
    }
  });

  it('accepts CRLF line ends and several data lines', async () => {
    const { events } = await read('event: a\r\ndata: one\r', '\ndata: two\r\n\r\n');
    assert.deepEqual(events, [{ name: 'a', data: 'one\ntwo' }]);
  });

  it('reports heartbeats as data, but yields no event for them', async () => {
    const { events, chunks } = await read(': still here\n\n', ':\n\n');
    assert.deepEqual(events, []);
    assert.equal(chunks, 2);
  });

  it('drops an incomplete event at the end', async () => {
    const { events } = await read('event: a\ndata: 1\n\nevent: b\ndata: 2');
    assert.deepEqual(events, [{ name: 'a', data: '1' }]);
  });
});
