import assert from 'node:assert/strict';
import { Thread } from '../../../../../src/editor/sidebar/messenger/message-history.editor';
import type { WorldMessage } from '../../../../../src/editor/api/simulator-api.editor';

function message(id: number, more: Partial<WorldMessage> = {}): WorldMessage {
  return {
    id: String(1000 + id),
    conversation: 'ming',
    from: 'ming',
    type: 'Text',
    text: `message ${id}`,
    timestamp: id * 1000,
    self: false,
    ...more,
  };
}

function ids(thread: Thread): number[] {
  return thread.messages.map(({ id }) => Number(id) - 1000);
}

describe('a conversation in the messenger', () => {
  it('shows a message once, however often it is told', () => {
    const thread = new Thread();
    assert.equal(thread.add([message(1), message(2)]).appended, 2);
    const again = thread.add([message(2), message(3)]);
    assert.deepEqual(ids(thread), [1, 2, 3]);
    assert.deepEqual(again, { prepended: 0, appended: 1, changed: [], mixed: false });
  });

  it('puts older messages in front', () => {
    const thread = new Thread();
    thread.add([message(5), message(6)]);
    const change = thread.add([message(3), message(4)]);
    assert.deepEqual(ids(thread), [3, 4, 5, 6]);
    assert.equal(change.prepended, 2);
    assert.equal(change.mixed, false);
  });

  it('fills a gap that the stream has left', () => {
    const thread = new Thread();
    thread.add([message(1)]);
    thread.add([message(4)]);
    assert.equal(thread.add([message(2), message(3), message(4)]).mixed, true);
    assert.deepEqual(ids(thread), [1, 2, 3, 4]);
  });

  it('keeps messages of the same moment in the order of their ids', () => {
    const thread = new Thread();
    thread.add([message(2, { timestamp: 7 }), message(3, { timestamp: 7 })]);
    thread.add([message(1, { timestamp: 7 })]);
    assert.deepEqual(ids(thread), [1, 2, 3]);
  });

  it('marks what was recalled instead of showing the recall', () => {
    const thread = new Thread();
    thread.add([message(1), message(2)]);
    const change = thread.add([message(3, { type: 'Recalled', recalls: '1001' })]);
    assert.deepEqual(ids(thread), [1, 2]);
    assert.deepEqual(change.changed, ['1001']);
    assert.equal(thread.messages[0]?.recalled, true);
    assert.equal(thread.cursor, '1003', 'reading goes on after the recall');
  });
});
