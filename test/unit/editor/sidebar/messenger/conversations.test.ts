import assert from 'node:assert/strict';
import { Conversations } from '../../../../../src/editor/sidebar/messenger/conversations.editor';
import type { LastMessage, SimulatorMessage } from '../../../../../src/admin/api-types';
import type { Simulation } from '../../../../../src/editor/api/simulation.editor';

const hi: LastMessage = { from: 'ming', type: 'Text', text: 'hi', timestamp: 5 };

const simulation: Simulation = {
  self: { id: 'bot', name: 'Bot' },
  contacts: [
    { id: 'ming', name: 'Ming', alias: '小明', friend: true },
    { id: 'alice', name: 'Alice', alias: '', friend: true },
    { id: 'grace', name: 'Grace', alias: '', friend: false },
  ],
  rooms: [
    { id: 'foreign', topic: 'Secret Garden', memberIds: ['grace'], ownerId: 'grace', hasBot: false },
    { id: 'team', topic: 'Team', memberIds: ['bot', 'ming'], ownerId: 'ming', hasBot: true },
  ],
  conversations: [{ id: 'ming', kind: 'contact', name: 'Ming', last: hi, count: 3 }],
  login: { waiting: false, scanned: false },
  faults: { offline: false, slow: 0, sendsFail: false },
};

function withMessages(last: LastMessage, count: number): Simulation {
  return { ...simulation, conversations: [{ id: 'ming', kind: 'contact', name: 'Ming', last, count }] };
}

function textOf({ from, type, text }: LastMessage): string {
  return type === 'Recalled' ? `${from} recalled a message` : text;
}

function messageIn(conversation: string, timestamp: number): SimulatorMessage {
  return {
    id: `${timestamp}`,
    conversation,
    from: conversation,
    to: null,
    room: conversation,
    type: 'Text',
    text: 'x',
    timestamp,
    self: false,
  };
}

function list(conversations: Conversations): [name: string, unread: number][] {
  return conversations.rows().map(({ name, unread }) => [name, unread]);
}

describe('Conversations', () => {
  it('lists the latest first, then rooms and friends, rooms without the bot last, and hides non-friends', () => {
    const conversations = new Conversations();
    conversations.update(simulation, textOf);
    assert.deepEqual(list(conversations), [
      ['Ming', 0],
      ['Team', 0],
      ['Alice', 0],
      ['Secret Garden', 0],
    ]);
  });

  it('counts messages since the first update as unread until markRead', () => {
    const conversations = new Conversations();
    conversations.update(simulation, textOf);
    conversations.addMessage(messageIn('team', 10), 'one');
    conversations.addMessage(messageIn('team', 11), 'two');
    assert.deepEqual(list(conversations).slice(0, 2), [
      ['Team', 2],
      ['Ming', 0],
    ]);
    assert.equal(conversations.rows()[0]?.last?.text, 'two');
    conversations.markRead('team');
    assert.deepEqual(list(conversations)[0], ['Team', 0]);
  });

  it('counts messages of an update that were not received as events', () => {
    const conversations = new Conversations();
    conversations.update(simulation, textOf);
    const last = { ...hi, text: 'later', timestamp: 20 };
    conversations.update(withMessages(last, 7), textOf);
    assert.deepEqual(list(conversations)[0], ['Ming', 4]);
  });

  it('formats a recall in the first update', () => {
    const conversations = new Conversations();
    conversations.update(
      withMessages({ from: 'ming', type: 'Recalled', text: '4711', timestamp: 6 }, 4),
      textOf,
    );
    assert.equal(conversations.rows()[0]?.last?.text, 'ming recalled a message');
  });

  it('lists a non-friend who has sent a message', () => {
    const conversations = new Conversations();
    conversations.update(simulation, textOf);
    conversations.addMessage(messageIn('grace', 30), 'hello');
    assert.equal(conversations.rows()[0]?.id, 'grace');
  });
});
