import assert from 'node:assert/strict';
import { People } from '../../../../../src/editor/sidebar/messenger/contact-index.editor';

const team = { id: 'team', topic: 'Team', memberIds: ['bot', 'ming', 'alice'], hasBot: true };
const empty = { id: 'empty', topic: 'Empty', memberIds: ['ming'], hasBot: false };
const people = new People({
  self: { id: 'bot', name: 'Bot' },
  contacts: [
    { id: 'ming', name: 'Ming', alias: '小明', friend: true },
    { id: 'alice', name: 'Alice', friend: true },
  ],
  rooms: [team, empty],
  conversations: [],
  login: { waiting: false, scanned: false },
  faults: { offline: false, slow: 0, sendsFail: false },
});

describe('whom one can mention in the messenger', () => {
  it('is everybody, as WeChat writes it, and each member but the speaker', () => {
    const offered = people.mentionable(team, 'ming', 'everybody');
    assert.deepEqual(offered[0], { id: 'all', name: '所有人', alias: 'everybody' });
    assert.deepEqual(
      offered.slice(1).map(({ id }) => id),
      ['bot', 'alice'],
    );
  });

  it('is nobody where nobody else is', () => {
    assert.deepEqual(people.mentionable(empty, 'ming', 'everybody'), []);
  });
});
