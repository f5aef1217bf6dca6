import assert from 'node:assert/strict';
import { asTyped, type TypedEvent } from '../../../../src/events/table';
import { eventFilter, type FilterProperties } from '../../../../src/nodes/on-event/filter';
import { declaration } from '../../../../src/nodes/on-event/properties';
import { readProperties } from '../../../../src/nodes/runtime/read-properties';

const defaults = readProperties({}, declaration);

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
  textWithoutMentions?: string;
  type?: string;
  self?: boolean;
  mentionsSelf?: boolean;
  room?: typeof team;
}): TypedEvent {
  const {
    room = null,
    text = 'hello',
    textWithoutMentions,
    type = 'Text',
    self = false,
    mentionsSelf = false,
  } = fields;
  return asTyped({
    bot: { id: 'b', name: 'Shop' },
    event: 'message',
    timestamp: 1,
    message: { id: 'm', type, text, textWithoutMentions, timestamp: 1, self, mentionIds: [], mentionsSelf },
    talker: alice,
    room,
    listener: null,
  });
}

function isPassed(properties: Partial<FilterProperties>, event: TypedEvent): boolean {
  return eventFilter({ ...defaults, ...properties })(event);
}

describe('eventFilter', () => {
  it('passes any event if the event list is empty', () => {
    const bot = { id: 'b', name: '' };
    const heartbeat = asTyped({ bot, event: 'heartbeat', timestamp: 1, data: '' });
    assert.ok(isPassed({ events: [] }, heartbeat));
    assert.ok(!isPassed({ events: ['message'] }, heartbeat));
  });

  it('matches contacts by id, alias, name and pattern, with Latin and Chinese commas', () => {
    for (const from of ['wxid_alice', '爱丽丝', 'Bob, Alice', 'Bob，Alice', '/^ali/i']) {
      assert.ok(isPassed({ from }, message({})), from);
    }
    assert.ok(!isPassed({ from: 'Ali' }, message({})));
  });

  it('matches rooms by id, topic and pattern, but no direct messages', () => {
    for (const rooms of ['1@chatroom', 'Team', '/^te/i'])
      assert.ok(isPassed({ rooms }, message({ room: team })), rooms);
    assert.ok(!isPassed({ rooms: 'Other' }, message({ room: team })));
    assert.ok(!isPassed({ rooms: 'Team' }, message({})));
  });

  it('applies contacts and rooms to other events that have them', () => {
    const friendship = asTyped({
      bot: { id: 'b', name: '' },
      event: 'friendship',
      timestamp: 1,
      contact: alice,
    });
    const join = asTyped({
      bot: { id: 'b', name: '' },
      event: 'room-join',
      timestamp: 1,
      room: team,
      inviter: null,
    });
    assert.ok(!isPassed({ events: [], from: 'Bob' }, friendship));
    assert.ok(isPassed({ events: [], from: 'Bob' }, join));
    assert.ok(!isPassed({ events: [], rooms: 'Other' }, join));
    assert.ok(isPassed({ events: [], rooms: 'Other' }, friendship));
  });

  it('compares the text by textMatchType', () => {
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
        isPassed({ textMatch, textMatchType }, message({ text })),
        expected,
        `${textMatchType} ${textMatch}`,
      );
    }
  });

  it('filters own messages, message types and messages without a mention', () => {
    assert.ok(!isPassed({}, message({ self: true })));
    assert.ok(isPassed({ includeSelf: true }, message({ self: true })));
    assert.ok(!isPassed({ messageTypes: ['Image'] }, message({})));
    assert.ok(isPassed({ messageTypes: ['Image', 'Video'] }, message({ type: 'Video' })));
    assert.ok(!isPassed({ mentioned: true }, message({})));
    assert.ok(isPassed({ mentioned: true }, message({ mentionsSelf: true })));
  });

  it('compares the text without mentions if the bot must be mentioned', () => {
    const event = message({ text: '@Bot\u2005 ding', textWithoutMentions: 'ding', mentionsSelf: true });
    const equals = { textMatch: 'ding', textMatchType: 'equals' } as const;
    assert.ok(isPassed({ ...equals, mentioned: true }, event));
    assert.ok(!isPassed(equals, event));
  });

  it('filters by chat, and passes events without one', () => {
    const bot = { id: 'b', name: '' };
    const friendship = asTyped({ bot, event: 'friendship', timestamp: 1, contact: alice });
    const join = asTyped({ bot, event: 'room-join', timestamp: 1, room: team, inviter: null });
    const cases = [
      ['any', [true, true, true, true]],
      ['direct', [true, false, true, false]],
      ['room', [false, true, true, true]],
    ] as const;
    for (const [chat, expected] of cases) {
      const passed = [message({}), message({ room: team }), friendship, join].map((event) =>
        isPassed({ events: [], chat }, event),
      );
      assert.deepEqual(passed, expected, chat);
    }
  });

  it('filters by the type of the contact; one of unknown type is a person', () => {
    const cases = [
      ['Individual', true, false],
      ['Unknown', true, false],
      ['Corporation', true, false],
      ['Official', false, true],
    ] as const;
    for (const [type, isPerson, isOfficial] of cases) {
      const event = asTyped({ ...message({}), talker: { ...alice, type } });
      assert.equal(isPassed({ contactType: 'person' }, event), isPerson, type);
      assert.equal(isPassed({ contactType: 'official' }, event), isOfficial, type);
      assert.ok(isPassed({}, event));
    }
  });

  it('filters by the age of a message when it was received', () => {
    const old = asTyped({ ...message({}), timestamp: 61_001 });
    assert.ok(isPassed({ maxAge: 0 }, old));
    assert.ok(isPassed({ maxAge: 61 }, old));
    assert.ok(!isPassed({ maxAge: 60 }, old));
    const heartbeat = asTyped({
      bot: { id: 'b', name: '' },
      event: 'heartbeat',
      timestamp: 61_001,
      data: '',
    });
    assert.ok(isPassed({ events: [], maxAge: 60 }, heartbeat));
  });

  it('throws INVALID_PARAMS for an invalid pattern', () => {
    for (const properties of [
      { from: '/(/' },
      { rooms: '/(?=a)/' },
      { textMatch: 'x'.repeat(250_000), textMatchType: 'regex' as const },
    ]) {
      assert.throws(() => eventFilter({ ...defaults, ...properties }), { code: 'INVALID_PARAMS' });
    }
  });

  it('is not blocked by a message that was made for the pattern', () => {
    const hostile = `${'a'.repeat(10_000)}!`;
    const pattern = '^(\\w+\\s?)*$';
    const talker = { ...alice, name: hostile };
    const room = { ...team, topic: hostile };
    const event = asTyped({ ...message({ text: hostile }), talker, room });
    assert.ok(!isPassed({ textMatch: pattern, textMatchType: 'regex' }, event));
    assert.ok(!isPassed({ from: '/^(l+i?)*$/' }, event));
    assert.ok(!isPassed({ rooms: `/${pattern}/` }, event));
  });
});
