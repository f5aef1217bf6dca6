import assert from 'node:assert/strict';
import type { SendResult } from '../../../src/commands/broadcast';
import { CommandedBot, failure } from '../../support/commanded-bot';

describe('say commands', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
  });

  afterEach(() => bot.stop());

  /** The messages sent since the start, as `recipient: text`. */
  const sentTexts = (): string[] =>
    bot.simulation.messages().map(({ roomId, listenerId, text }) => `${roomId ?? listenerId ?? ''}: ${text}`);

  it('send to contacts by id, alias and name, in order, with message ids', async () => {
    const contacts = ['wxid_alice', '小明', 'Bob'];
    const sent = await bot.run<SendResult>('contactSay', {
      contacts,
      messageType: 'Text',
      messagePayload: 'hello',
    });
    assert.deepEqual(sentTexts(), ['wxid_alice: hello', 'wxid_ming: hello', 'wxid_bob: hello']);
    const ids = new Map(bot.simulation.messages().map(({ listenerId, id }) => [listenerId, id]));
    assert.deepEqual(sent, {
      success: ['wxid_alice', 'wxid_ming', 'wxid_bob'].map((id) => ({ id, messageId: ids.get(id) })),
      fail: [],
    });
    assert.deepEqual(
      bot.progress,
      [1, 2, 3].map((done) => ({ kind: 'send', done, total: 3 })),
    );
  });

  it('accept a single name, default to Text and convert a number', async () => {
    await bot.run('contactSay', { contacts: 'Alice', messagePayload: 42 });
    assert.deepEqual(sentTexts(), ['wxid_alice: 42']);
  });

  it('send once to a recipient named twice', async () => {
    const sent = await bot.run<SendResult>('contactSay', {
      contacts: ['Alice', 'wxid_alice'],
      messagePayload: 'once',
    });
    assert.deepEqual(sentTexts(), ['wxid_alice: once']);
    assert.equal(sent.success.length, 1);
  });

  it('send to all contacts that match a /pattern/', async () => {
    const sent = await bot.run<SendResult>('contactSay', { contacts: ['/^chen/i'], messagePayload: 'hi' });
    assert.deepEqual(sent.success.map(({ id }) => id).sort(), ['wxid_chenwei1', 'wxid_chenwei2']);
  });

  it('report each failure and still send to the others', async () => {
    const contacts = ['Nobody', 'Alice', 'Chen Wei', '/^zzz/', 'wxid_grace'];
    const { success, fail } = await bot.run<SendResult>('contactSay', { contacts, messagePayload: 'hi' });
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

  it('omit message ids if the puppet returns none', async () => {
    bot.simulation.faults = { noMessageIds: true };
    assert.deepEqual(await bot.run('contactSay', { contacts: ['Alice'], messagePayload: 'hi' }), {
      success: [{ id: 'wxid_alice' }],
      fail: [],
    });
    assert.deepEqual(await bot.run('wechatySay', { messagePayload: 'hi' }), { id: '' });
  });

  it('send to rooms by id, topic and /pattern/', async () => {
    const team = bot.simulation.room('Team').id;
    const hike = bot.simulation.room('周末爬山').id;
    await bot.run('roomSay', { rooms: [team], messagePayload: 'by id' });
    await bot.run('roomSay', { rooms: ['周末爬山'], messagePayload: 'by topic' });
    await bot.run('roomSay', { rooms: ['/^Team|爬山$/'], messagePayload: 'both' });
    assert.deepEqual(sentTexts(), [`${team}: by id`, `${hike}: by topic`, `${team}: both`, `${hike}: both`]);
  });

  it('report NOT_FOUND for a room that the bot is not in', async () => {
    const garden = bot.simulation.room('Secret Garden').id;
    const { fail } = await bot.run<SendResult>('roomSay', {
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

  it('report FAILED for a room that the bot has left', async () => {
    await bot.run('roomQuit', { id: 'Team' });
    const { id } = bot.simulation.room('Team');
    const { fail } = await bot.run<SendResult>('roomSay', { rooms: [id], messagePayload: 'hi' });
    assert.deepEqual(
      fail.map(({ error }) => error.code),
      ['FAILED'],
    );
    assert.deepEqual(sentTexts(), []);
  });

  it('resolve contacts before rooms in one list', async () => {
    bot.simulation.contact('Alice').rename('Team', 'Bob');
    const hike = bot.simulation.room('周末爬山').id;
    const toContacts = ['Bob', hike, '周末爬山', 'Meimei', 'Nobody'];
    const { success, fail } = await bot.run<SendResult>('send', {
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

  it('cost one call for a room and one for its payload, whatever its size', async () => {
    await bot.stop();
    bot = await CommandedBot.start({ simulator: { membersPerRoom: 500, rooms: 3 } });
    const [room] = bot.simulation.rooms();
    bot.simulation.calls.reset();
    await bot.run('roomSay', { rooms: [room?.id], messagePayload: 'hi' });
    assert.deepEqual(bot.simulation.calls.counts(), { roomRawPayload: 1, messageSendText: 1 });
    await bot.run('roomSay', { rooms: [room?.id], messagePayload: 'again' });
    assert.deepEqual(bot.simulation.calls.counts(), { roomRawPayload: 1, messageSendText: 2 });
  });

  it('list the contacts once for a hundred names', async () => {
    await bot.stop();
    bot = await CommandedBot.start({ simulator: { contacts: 100 } });
    const contacts = bot.simulation
      .contacts()
      .slice(8, 100)
      .map(({ name }) => name);
    bot.simulation.calls.reset();
    const { success } = await bot.run<SendResult>('contactSay', { contacts, messagePayload: 'hi' });
    assert.equal(success.length, contacts.length);
    assert.equal(bot.simulation.calls.of('contactList'), 1);
  });

  it('report which sends were done when the bot stops meanwhile', async () => {
    await bot.stop();
    const pace = { minGap: 2, jitter: 0, perMinute: 0 };
    bot = await CommandedBot.start({ simulator: { contacts: 100 }, settings: { rateLimits: pace } });
    const contacts = bot.simulation
      .contacts()
      .slice(0, 100)
      .map(({ id }) => id);
    const third = new Promise<void>((resolve) => {
      bot.simulation.on('message', () => {
        if (bot.simulation.messages().length === 3) resolve();
      });
    });
    const sending = bot.run<SendResult>('contactSay', { contacts, messagePayload: 'hi' });
    await third;
    await bot.run('wechatyStop');
    const { success, fail } = await sending;
    assert.ok(success.length >= 3 && fail.length > 0);
    assert.deepEqual(
      bot.simulation.messages().map(({ listenerId }) => listenerId),
      success.map(({ id }) => id),
    );
    assert.deepEqual(
      [...success, ...fail].map(({ id }) => id),
      contacts,
    );
  });

  describe('with mentions', () => {
    it('prepend the names and pass the ids to the puppet', async () => {
      bot.simulation.contact('Bob').setRoomAlias('Team', 'Builder');
      await bot.run('roomSay', {
        rooms: 'Team',
        messagePayload: 'hello',
        mentions: ['wxid_ming', 'Builder'],
      });
      const [message] = bot.simulation.messages({ conversation: 'Team' });
      assert.equal(message?.text, '@Ming\u2005@Builder\u2005hello');
      assert.deepEqual(message.mentionIds, ['wxid_ming', 'wxid_bob']);
    });

    it('find members by alias', async () => {
      await bot.run('roomSayAt', {
        room: 'Team',
        contacts: ['鲍勃'],
        messageType: 'Text',
        messagePayload: 'hi',
      });
      const [message] = bot.simulation.messages({ conversation: 'Team' });
      assert.deepEqual(message?.mentionIds, ['wxid_bob']);
    });

    it('mention every member except the bot for @all', async () => {
      await bot.run('sendAt', { room: 'Team', toContacts: '@all', messagePayload: 'hi' });
      const [message] = bot.simulation.messages({ conversation: 'Team' });
      assert.equal(message?.text, '@all\u2005hi');
      assert.deepEqual(message.mentionIds, ['wxid_ming', 'wxid_alice', 'wxid_bob']);
    });

    it('send nothing to a room where a mention is unknown or ambiguous', async () => {
      const rooms = ['Team', 'Wechaty 开发者'];
      const alice = await bot.run<SendResult>('roomSay', { rooms, messagePayload: 'hi', mentions: ['李雷'] });
      assert.deepEqual(
        alice.fail.map(({ error }) => error.code),
        ['NOT_FOUND', 'NOT_FOUND'],
      );
      const chen = await bot.run<SendResult>('roomSay', {
        rooms,
        messagePayload: 'hi',
        mentions: ['Chen Wei'],
      });
      assert.deepEqual(
        chen.fail.map(({ error }) => error.code),
        ['NOT_FOUND', 'INVALID_PARAMS'],
      );
      assert.match(chen.fail[1]?.error.message ?? '', /wxid_chenwei1, wxid_chenwei2/);
      assert.deepEqual(sentTexts(), []);
    });

    it('reject mentions in anything but a text', async () => {
      const picture = { messageType: 'Image', messagePayload: Buffer.from('x') };
      await assert.rejects(
        bot.run('roomSay', { rooms: 'Team', mentions: 'Ming', ...picture }),
        failure('INVALID_PARAMS', 'mention'),
      );
    });
  });

  describe('with messageSay', () => {
    it('send to the conversation of the message, whoever sent it', async () => {
      const { self } = bot.simulation;
      const direct = bot.simulation.contact('Ming').say('ding').to(self);
      const own = self.say('from the phone').to('Alice');
      const room = bot.simulation.contact('Bob').say('ding').in('Team');
      for (const { id } of [direct, own, room]) await bot.run('messageSay', { id, messagePayload: 'dong' });
      assert.deepEqual(sentTexts().slice(-3), [
        'wxid_ming: dong',
        'wxid_alice: dong',
        `${bot.simulation.room('Team').id}: dong`,
      ]);
    });

    it('mention the talker, in rooms and for texts only', async () => {
      const room = bot.simulation.contact('Bob').say('ding').in('Team');
      const direct = bot.simulation.contact('Bob').say('ding').to(bot.simulation.self);
      const reply = { messagePayload: 'dong', mentionTalker: true };
      const { id } = await bot.run<{ id: string }>('messageSay', { id: room.id, ...reply });
      await bot.run('messageSay', { id: direct.id, ...reply });
      const link = { messageType: 'Url', messagePayload: 'https://example.com/' };
      await bot.run('messageSay', { id: room.id, ...link, mentionTalker: true });
      const [inRoom, inDirect, asLink] = bot.simulation.messages().slice(-3);
      assert.equal(inRoom?.id, id);
      assert.equal(inRoom.text, '@Bob\u2005dong');
      assert.deepEqual(inRoom.mentionIds, ['wxid_bob']);
      assert.equal(inDirect?.text, 'dong');
      assert.equal(asLink?.content.kind, 'url');
    });

    it('reject with the reason when the send fails', async () => {
      const { id } = bot.simulation.contact('Bob').say('ding').in('Team');
      bot.simulation.faults = { rejectSends: true };
      await assert.rejects(
        bot.run('messageSay', { id, messagePayload: 'dong' }),
        failure('FAILED', 'messageSendText'),
      );
    });
  });
});
