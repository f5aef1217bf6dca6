import assert from 'node:assert/strict';
import type { BotEvent } from '../../../../src/bot/events';
import { eventFilter, type FilterProperties } from '../../../../src/nodes/on-event/filter';
import { defaults } from '../../../../src/nodes/on-event/properties';

const alice = {
  id: 'wxid_alice',
  name: 'Alice',
  alias: '爱丽丝',
  friend: true,
  type: 'Individual',
  gender: 'Unknown',
};
const team = { id: '1@chatroom', topic: 'Team', memberCount: 3 };

function message(fields: {
  text?: string;
  type?: string;
  self?: boolean;
  mentionsSelf?: boolean;
  room?: typeof team;
}): BotEvent {
  const { room = null, text = 'hello', type = 'Text', self = false, mentionsSelf = false } = fields;
  return {
    bot: { id: 'b', name: 'Shop' },
    event: 'message',
    timestamp: 1,
    message: { id: 'm', type, text, timestamp: 1, self, mentionIds: [], mentionsSelf },
    talker: alice,
    room,
    listener: null,
  };
}

function passes(properties: Partial<FilterProperties>, event: BotEvent): boolean {
  return eventFilter({ ...defaults, ...properties })(event);
}

describe('the filter of on-event', () => {
  it('lets any event through when none is chosen', () => {
    const heartbeat: BotEvent = { bot: { id: 'b', name: '' }, event: 'heartbeat', timestamp: 1, data: '' };
    assert.ok(passes({ events: [] }, heartbeat));
    assert.ok(!passes({ events: ['message'] }, heartbeat));
  });

  it('knows people by id, alias, name and pattern, with Latin and Chinese commas', () => {
    for (const from of ['wxid_alice', '爱丽丝', 'Bob, Alice', 'Bob，Alice', '/^ali/i']) {
      assert.ok(passes({ from }, message({})), from);
    }
    assert.ok(!passes({ from: 'Ali' }, message({})));
  });

  it('knows rooms by id, topic and pattern, and takes no direct message for one', () => {
    for (const rooms of ['1@chatroom', 'Team', '/^te/i'])
      assert.ok(passes({ rooms }, message({ room: team })), rooms);
    assert.ok(!passes({ rooms: 'Other' }, message({ room: team })));
    assert.ok(!passes({ rooms: 'Team' }, message({})));
  });

  it('applies people and rooms to other events that have them', () => {
    const friendship: BotEvent = {
      bot: { id: 'b', name: '' },
      event: 'friendship',
      timestamp: 1,
      contact: alice,
    };
    const join: BotEvent = {
      bot: { id: 'b', name: '' },
      event: 'room-join',
      timestamp: 1,
      room: team,
      inviter: null,
    };
    assert.ok(!passes({ events: [], from: 'Bob' }, friendship));
    assert.ok(passes({ events: [], from: 'Bob' }, join));
    assert.ok(!passes({ events: [], rooms: 'Other' }, join));
    assert.ok(passes({ events: [], rooms: 'Other' }, friendship));
  });

  it('compares the text as asked', () => {
    const cases: [FilterProperties['textMatchType'], string, string, boolean][] = [
      ['contains', 'price', 'the price?', true],
      ['contains', 'Price', 'the price?', false],
      ['equals', 'ding', ' ding ', true],
      ['equals', 'ding', 'ding ding', false],
      ['startsWith', '#', '  #help', true],
      ['startsWith', '#', 'help #', false],
      ['regex', '^\\d+$', '42', true],
      ['regex', '/^DING$/i', 'ding', true],
      ['regex', '/^DING$/', 'ding', false],
    ];
    for (const [textMatchType, textMatch, text, expected] of cases) {
      assert.equal(
        passes({ textMatch, textMatchType }, message({ text })),
        expected,
        `${textMatchType} ${textMatch}`,
      );
    }
  });

  it('leaves out its own messages, other types and messages without a mention, as told', () => {
    assert.ok(!passes({}, message({ self: true })));
    assert.ok(passes({ includeSelf: true }, message({ self: true })));
    assert.ok(!passes({ messageTypes: ['Image'] }, message({})));
    assert.ok(passes({ messageTypes: ['Image', 'Video'] }, message({ type: 'Video' })));
    assert.ok(!passes({ mentioned: true }, message({})));
    assert.ok(passes({ mentioned: true }, message({ mentionsSelf: true })));
  });

  it('refuses a pattern that is none', () => {
    assert.throws(() => eventFilter({ ...defaults, from: '/(/' }), SyntaxError);
  });
});
