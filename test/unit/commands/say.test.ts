import assert from 'node:assert/strict';
import { CommandedBot, failure, type Sent } from '../../support/commanded-bot';

describe('saying something', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
  });

  afterEach(() => bot.end());

  /** What was said since the start, as `to: text`. */
  const said = (): string[] =>
    bot.world.messages().map(({ roomId, listenerId, text }) => `${roomId ?? listenerId ?? ''}: ${text}`);

  it('reaches contacts by id, alias and name, in the order given, with message ids', async () => {
    const contacts = ['wxid_alice', '小明', 'Bob'];
    const sent = await bot.run<Sent>('contactSay', {
      contacts,
      messageType: 'Text',
      messagePayload: 'hello',
    });
    assert.deepEqual(said(), ['wxid_alice: hello', 'wxid_ming: hello', 'wxid_bob: hello']);
    const ids = new Map(bot.world.messages().map(({ listenerId, id }) => [listenerId, id]));
    assert.deepEqual(sent, {
      success: ['wxid_alice', 'wxid_ming', 'wxid_bob'].map((id) => ({ id, messageId: ids.get(id) })),
      fail: [],
    });
    assert.deepEqual(
      bot.progress,
      [1, 2, 3].map((done) => ({ kind: 'send', done, total: 3 })),
    );
  });

  it('takes a single name for a list of one, a missing type for Text and a number for its digits', async () => {
    await bot.run('contactSay', { contacts: 'Alice', messagePayload: 42 });
    assert.deepEqual(said(), ['wxid_alice: 42']);
  });

  it('sends once to whoever is named twice', async () => {
    const sent = await bot.run<Sent>('contactSay', {
      contacts: ['Alice', 'wxid_alice'],
      messagePayload: 'once',
    });
    assert.deepEqual(said(), ['wxid_alice: once']);
    assert.equal(sent.success.length, 1);
  });

  it('reaches everybody a /pattern/ matches', async () => {
    const sent = await bot.run<Sent>('contactSay', { contacts: ['/^chen/i'], messagePayload: 'hi' });
    assert.deepEqual(sent.success.map(({ id }) => id).sort(), ['wxid_chenwei1', 'wxid_chenwei2']);
  });

  it('tells of each failure in its place and still sends to the others', async () => {
    const contacts = ['Nobody', 'Alice', 'Chen Wei', '/^zzz/', 'wxid_grace'];
    const { success, fail } = await bot.run<Sent>('contactSay', { contacts, messagePayload: 'hi' });
    assert.deepEqual(
      success.map(({ id }) => id),
      ['wxid_alice'],
    );
    assert.deepEqual(
      fail.map(({ id, error }) => [id, error.code]),
      [
        ['Nobody', 'NOT_FOUND'],
        ['Chen Wei', 'INVALID_PARAMS'],
        ['/^zzz/', 'NOT_FOUND'],
        ['wxid_grace', 'FAILED'],
      ],
    );
    assert.match(fail[1]?.error.message ?? '', /wxid_chenwei1.*wxid_chenwei2/);
    assert.equal(bot.progress.length, 5);
  });

  it('answers without message ids where the puppet gives none', async () => {
    bot.world.faults = { noMessageIds: true };
    assert.deepEqual(await bot.run('contactSay', { contacts: ['Alice'], messagePayload: 'hi' }), {
      success: [{ id: 'wxid_alice' }],
      fail: [],
    });
    assert.deepEqual(await bot.run('wechatySay', { messagePayload: 'hi' }), { id: '' });
  });

  it('reaches rooms by id, topic and /pattern/', async () => {
    const team = bot.world.room('Team').id;
    const hike = bot.world.room('周末爬山').id;
    await bot.run('roomSay', { rooms: [team], messagePayload: 'by id' });
    await bot.run('roomSay', { rooms: ['周末爬山'], messagePayload: 'by topic' });
    await bot.run('roomSay', { rooms: ['/^Team|爬山$/'], messagePayload: 'both' });
    assert.deepEqual(said(), [`${team}: by id`, `${hike}: by topic`, `${team}: both`, `${hike}: both`]);
  });

  it('cannot speak in a room without the bot', async () => {
    const garden = bot.world.room('Secret Garden').id;
    const { fail } = await bot.run<Sent>('roomSay', {
      rooms: [garden, 'Secret Garden'],
      messagePayload: 'hi',
    });
    assert.deepEqual(
      fail.map(({ id, error }) => [id, error.code]),
      [
        [garden, 'NOT_FOUND'],
        ['Secret Garden', 'NOT_FOUND'],
      ],
    );
  });

  it('tells that the bot left a room it still knows', async () => {
    await bot.run('roomQuit', { id: 'Team' });
    const { id } = bot.world.room('Team');
    const { fail } = await bot.run<Sent>('roomSay', { rooms: [id], messagePayload: 'hi' });
    assert.deepEqual(
      fail.map(({ error }) => error.code),
      ['FAILED'],
    );
    assert.deepEqual(said(), []);
  });

  it('recognises rooms and people in one list, people first', async () => {
    bot.world.contact('Alice').rename('Team', 'Bob');
    const hike = bot.world.room('周末爬山').id;
    const toContacts = ['Bob', hike, '周末爬山', 'Meimei', 'Nobody'];
    const { success, fail } = await bot.run<Sent>('send', {
      toContacts,
      messageType: 'Text',
      messagePayload: 'x',
    });
    assert.deepEqual(
      success.map(({ id }) => id),
      ['wxid_bob', hike, 'wxid_hanmeimei'],
    );
    assert.deepEqual(
      fail.map(({ id, error }) => [id, error.code]),
      [['Nobody', 'NOT_FOUND']],
    );
  });

  it('costs one puppet call for a room and one for its payload, however large the room is', async () => {
    await bot.end();
    bot = await CommandedBot.start({ simulator: { membersPerRoom: 500, rooms: 3 } });
    const [room] = bot.world.rooms();
    bot.world.calls.reset();
    await bot.run('roomSay', { rooms: [room?.id], messagePayload: 'hi' });
    assert.deepEqual(bot.world.calls.counts(), { roomRawPayload: 1, messageSendText: 1 });
    await bot.run('roomSay', { rooms: [room?.id], messagePayload: 'again' });
    assert.deepEqual(bot.world.calls.counts(), { roomRawPayload: 1, messageSendText: 2 });
  });

  it('reads all names once for a hundred names', async () => {
    await bot.end();
    bot = await CommandedBot.start({ simulator: { contacts: 100 } });
    const contacts = bot.world
      .contacts()
      .slice(8, 100)
      .map(({ name }) => name);
    bot.world.calls.reset();
    const { success } = await bot.run<Sent>('contactSay', { contacts, messagePayload: 'hi' });
    assert.equal(success.length, contacts.length);
    assert.equal(bot.world.calls.of('contactList'), 1);
  });

  it('tells of each whether it was sent when the bot is stopped meanwhile', async () => {
    await bot.end();
    const pace = { minGap: 2, jitter: 0, perMinute: 0 };
    bot = await CommandedBot.start({ simulator: { contacts: 100 }, settings: { pace } });
    const contacts = bot.world
      .contacts()
      .slice(0, 100)
      .map(({ id }) => id);
    const third = new Promise<void>((resolve) => {
      bot.world.on('message', () => {
        if (bot.world.messages().length === 3) resolve();
      });
    });
    const sending = bot.run<Sent>('contactSay', { contacts, messagePayload: 'hi' });
    await third;
    await bot.run('wechatyStop');
    const { success, fail } = await sending;
    assert.ok(success.length >= 3 && fail.length > 0);
    assert.deepEqual(
      bot.world.messages().map(({ listenerId }) => listenerId),
      success.map(({ id }) => id),
    );
    assert.deepEqual(
      [...success, ...fail].map(({ id }) => id),
      contacts,
    );
  });

  describe('with mentions', () => {
    it('puts names before the text and tells the puppet whom it means', async () => {
      bot.world.contact('Bob').setRoomAlias('Team', 'Builder');
      await bot.run('roomSay', {
        rooms: 'Team',
        messagePayload: 'hello',
        mentions: ['wxid_ming', 'Builder'],
      });
      const [message] = bot.world.messages({ conversation: 'Team' });
      assert.equal(message?.text, '@Ming\u2005@Builder\u2005hello');
      assert.deepEqual(message.mentionIds, ['wxid_ming', 'wxid_bob']);
    });

    it('finds members by the alias the bot gave them', async () => {
      await bot.run('roomSayAt', {
        room: 'Team',
        contacts: ['鲍勃'],
        messageType: 'Text',
        messagePayload: 'hi',
      });
      const [message] = bot.world.messages({ conversation: 'Team' });
      assert.deepEqual(message?.mentionIds, ['wxid_bob']);
    });

    it('means everybody but the bot by @all', async () => {
      await bot.run('sendAt', { room: 'Team', toContacts: '@all', messagePayload: 'hi' });
      const [message] = bot.world.messages({ conversation: 'Team' });
      assert.equal(message?.text, '@all\u2005hi');
      assert.deepEqual(message.mentionIds, ['wxid_ming', 'wxid_alice', 'wxid_bob']);
    });

    it('fails where somebody is no member or two go by the name, and says nothing there', async () => {
      const rooms = ['Team', 'Wechaty 开发者'];
      const alice = await bot.run<Sent>('roomSay', { rooms, messagePayload: 'hi', mentions: ['李雷'] });
      assert.deepEqual(
        alice.fail.map(({ error }) => error.code),
        ['NOT_FOUND', 'NOT_FOUND'],
      );
      const chen = await bot.run<Sent>('roomSay', { rooms, messagePayload: 'hi', mentions: ['Chen Wei'] });
      assert.deepEqual(
        chen.fail.map(({ error }) => error.code),
        ['NOT_FOUND', 'INVALID_PARAMS'],
      );
      assert.match(chen.fail[1]?.error.message ?? '', /wxid_chenwei1, wxid_chenwei2/);
      assert.deepEqual(said(), []);
    });

    it('refuses to mention somebody with anything but a text', async () => {
      const picture = { messageType: 'Image', messagePayload: Buffer.from('x') };
      await assert.rejects(
        bot.run('roomSay', { rooms: 'Team', mentions: 'Ming', ...picture }),
        failure('INVALID_PARAMS', 'mention'),
      );
    });
  });

  describe('in answer to a message', () => {
    it('goes where the message came from, whoever said it', async () => {
      const { self } = bot.world;
      const direct = bot.world.contact('Ming').say('ding').to(self);
      const own = self.say('from the phone').to('Alice');
      const room = bot.world.contact('Bob').say('ding').in('Team');
      for (const { id } of [direct, own, room]) await bot.run('messageSay', { id, messagePayload: 'dong' });
      assert.deepEqual(said().slice(-3), [
        'wxid_ming: dong',
        'wxid_alice: dong',
        `${bot.world.room('Team').id}: dong`,
      ]);
    });

    it('can mention who is answered, in rooms and with texts only', async () => {
      const room = bot.world.contact('Bob').say('ding').in('Team');
      const direct = bot.world.contact('Bob').say('ding').to(bot.world.self);
      const answer = { messagePayload: 'dong', mentionTalker: true };
      const { id } = await bot.run<{ id: string }>('messageSay', { id: room.id, ...answer });
      await bot.run('messageSay', { id: direct.id, ...answer });
      const link = { messageType: 'Url', messagePayload: 'https://example.com/' };
      await bot.run('messageSay', { id: room.id, ...link, mentionTalker: true });
      const [inRoom, inDirect, asLink] = bot.world.messages().slice(-3);
      assert.equal(inRoom?.id, id);
      assert.equal(inRoom.text, '@Bob\u2005dong');
      assert.deepEqual(inRoom.mentionIds, ['wxid_bob']);
      assert.equal(inDirect?.text, 'dong');
      assert.equal(asLink?.content.kind, 'url');
    });

    it('rejects with the reason when it cannot be sent', async () => {
      const { id } = bot.world.contact('Bob').say('ding').in('Team');
      bot.world.faults = { rejectSends: true };
      await assert.rejects(
        bot.run('messageSay', { id, messagePayload: 'dong' }),
        failure('FAILED', 'messageSendText'),
      );
    });
  });
});
