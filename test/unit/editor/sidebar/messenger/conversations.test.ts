import assert from 'node:assert/strict';
import { Conversations } from '../../../../../src/editor/sidebar/messenger/conversations.editor';
import type { LastSaid, WorldMessage, WorldView } from '../../../../../src/editor/api/simulator-api.editor';

const hi: LastSaid = { from: 'ming', type: 'Text', text: 'hi', timestamp: 5 };

const world: WorldView = {
  self: { id: 'bot', name: 'Bot' },
  contacts: [
    { id: 'ming', name: 'Ming', alias: '小明', friend: true },
    { id: 'alice', name: 'Alice', friend: true },
    { id: 'grace', name: 'Grace', friend: false },
  ],
  rooms: [
    { id: 'foreign', topic: 'Secret Garden', memberIds: ['grace'], hasBot: false },
    { id: 'team', topic: 'Team', memberIds: ['bot', 'ming'], hasBot: true },
  ],
  conversations: [{ id: 'ming', kind: 'contact', name: 'Ming', last: hi, count: 3 }],
  login: { waiting: false, scanned: false },
  faults: { offline: false, slow: 0, sendsFail: false },
};

function talkedTo(last: LastSaid, count: number): WorldView {
  return { ...world, conversations: [{ id: 'ming', kind: 'contact', name: 'Ming', last, count }] };
}

function wordsOf({ from, type, text }: LastSaid): string {
  return type === 'Recalled' ? `${from} recalled a message` : text;
}

function said(conversation: string, timestamp: number): WorldMessage {
  return {
    id: `${timestamp}`,
    conversation,
    from: conversation,
    type: 'Text',
    text: 'x',
    timestamp,
    self: false,
  };
}

function list(conversations: Conversations): [name: string, unread: number][] {
  return conversations.rows().map(({ name, unread }) => [name, unread]);
}

describe('the list of conversations in the messenger', () => {
  it('begins with what was talked about last, then rooms and friends, strangers not, rooms without the bot at the end', () => {
    const conversations = new Conversations();
    conversations.take(world, wordsOf);
    assert.deepEqual(list(conversations), [
      ['Ming', 0],
      ['Team', 0],
      ['Alice', 0],
      ['Secret Garden', 0],
    ]);
  });

  it('counts what came since the first look, until it is seen', () => {
    const conversations = new Conversations();
    conversations.take(world, wordsOf);
    conversations.hear(said('team', 10), 'one');
    conversations.hear(said('team', 11), 'two');
    assert.deepEqual(list(conversations).slice(0, 2), [
      ['Team', 2],
      ['Ming', 0],
    ]);
    assert.equal(conversations.rows()[0]?.last?.text, 'two');
    conversations.see('team');
    assert.deepEqual(list(conversations)[0], ['Team', 0]);
  });

  it('counts what nobody heard of but the world has', () => {
    const conversations = new Conversations();
    conversations.take(world, wordsOf);
    const last = { ...hi, text: 'later', timestamp: 20 };
    conversations.take(talkedTo(last, 7), wordsOf);
    assert.deepEqual(list(conversations)[0], ['Ming', 4]);
  });

  it('says of a recall who took something back, also at the first look', () => {
    const conversations = new Conversations();
    conversations.take(talkedTo({ from: 'ming', type: 'Recalled', text: '4711', timestamp: 6 }, 4), wordsOf);
    assert.equal(conversations.rows()[0]?.last?.text, 'ming recalled a message');
  });

  it('shows a stranger who has said something', () => {
    const conversations = new Conversations();
    conversations.take(world, wordsOf);
    conversations.hear(said('grace', 30), 'hello');
    assert.equal(conversations.rows()[0]?.id, 'grace');
  });
});
