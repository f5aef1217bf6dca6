import assert from 'node:assert/strict';
import { ContactIndex } from '../../../../../src/editor/sidebar/messenger/contact-index.editor';

const team = {
  id: 'team',
  topic: 'Team',
  memberIds: ['bot', 'ming', 'alice'],
  ownerId: 'ming',
  hasBot: true,
};
const empty = { id: 'empty', topic: 'Empty', memberIds: ['ming'], ownerId: 'ming', hasBot: false };
const contacts = new ContactIndex({
  self: { id: 'bot', name: 'Bot' },
  contacts: [
    { id: 'ming', name: 'Ming', alias: '小明', friend: true },
    { id: 'alice', name: 'Alice', alias: '', friend: true },
  ],
  rooms: [team, empty],
  conversations: [],
  login: { waiting: false, scanned: false },
  faults: { offline: false, slow: 0, sendsFail: false },
});

describe('ContactIndex', () => {
  it('offers a mention of everyone and of each member except the speaker', () => {
    const offered = contacts.mentionOptions(team, 'ming', 'everybody');
    assert.deepEqual(offered[0], { id: 'all', name: '所有人', alias: 'everybody' });
    assert.deepEqual(
      offered.slice(1).map(({ id }) => id),
      ['bot', 'alice'],
    );
  });

  it('offers no mentions to the only member of a room', () => {
    assert.deepEqual(contacts.mentionOptions(empty, 'ming', 'everybody'), []);
  });
});
