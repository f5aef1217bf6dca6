import assert from 'node:assert/strict';
import { MessageHistory } from '../../../../../src/editor/sidebar/messenger/message-history.editor';
import type { SimulatorMessage } from '../../../../../src/admin/api-types';

function message(id: number, more: Partial<SimulatorMessage> = {}): SimulatorMessage {
  return {
    id: String(1000 + id),
    conversation: 'ming',
    from: 'ming',
    to: 'bot',
    room: null,
    type: 'Text',
    text: `message ${id}`,
    timestamp: id * 1000,
    self: false,
    ...more,
  };
}

function ids(history: MessageHistory): number[] {
  return history.messages.map(({ id }) => Number(id) - 1000);
}

describe('MessageHistory', () => {
  it('ignores known messages', () => {
    const history = new MessageHistory();
    assert.equal(history.add([message(1), message(2)]).appended, 2);
    const again = history.add([message(2), message(3)]);
    assert.deepEqual(ids(history), [1, 2, 3]);
    assert.deepEqual(again, { prepended: 0, appended: 1, changed: [], needsRedraw: false });
  });

  it('prepends older messages', () => {
    const history = new MessageHistory();
    history.add([message(5), message(6)]);
    const change = history.add([message(3), message(4)]);
    assert.deepEqual(ids(history), [3, 4, 5, 6]);
    assert.equal(change.prepended, 2);
    assert.equal(change.needsRedraw, false);
  });

  it('inserts missing messages and requests a redraw', () => {
    const history = new MessageHistory();
    history.add([message(1)]);
    history.add([message(4)]);
    assert.equal(history.add([message(2), message(3), message(4)]).needsRedraw, true);
    assert.deepEqual(ids(history), [1, 2, 3, 4]);
  });

  it('orders messages with the same timestamp by id', () => {
    const history = new MessageHistory();
    history.add([message(2, { timestamp: 7 }), message(3, { timestamp: 7 })]);
    history.add([message(1, { timestamp: 7 })]);
    assert.deepEqual(ids(history), [1, 2, 3]);
  });

  it('marks a recalled message and does not list the recall notice', () => {
    const history = new MessageHistory();
    history.add([message(1), message(2)]);
    const change = history.add([message(3, { type: 'Recalled', recalls: '1001' })]);
    assert.deepEqual(ids(history), [1, 2]);
    assert.deepEqual(change.changed, ['1001']);
    assert.equal(history.messages[0]?.recalled, true);
    assert.equal(history.cursor, '1003', 'loading continues after the recall');
  });
});
