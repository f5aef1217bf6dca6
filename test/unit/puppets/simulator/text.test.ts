import assert from 'node:assert/strict';

import type { Message } from 'wechaty';
import { types } from 'wechaty-puppet';

import { next, runBot, type RunningBot } from './running-bot';

describe('simulated WeChat: text', () => {
  let running: RunningBot;

  beforeEach(async () => {
    running = await runBot();
  });

  afterEach(() => running.bot.stop());

  it('passes from a friend to the bot and back', async () => {
    const { bot, world } = running;
    bot.on('message', (message: Message) => {
      if (!message.self()) {
        void message.say('dong');
      }
    });
    const ding = world.contact('Ming').say('ding').to(world.self);
    const dong = await world.answerTo(ding);
    assert.equal(dong.text, 'dong');
    assert.equal(dong.listenerId, world.contact('小明').id);
    const texts = world.messages({ conversation: 'Ming' }).map(({ text }) => text);
    assert.deepEqual(texts, ['ding', 'dong']);
    assert.deepEqual(world.messages({ after: ding }), [dong]);
  });

  it('passes in a room, with the name of whom it mentions', async () => {
    const { bot, world } = running;
    const heard = next<[Message]>(bot, 'message');
    world
      .contact('Alice')
      .say('lunch?', { mentions: [world.self] })
      .in('Team');
    const [message] = await heard;
    assert.equal(message.text(), '@Bot\u2005lunch?');
    assert.equal(await message.mentionText(), 'lunch?');
    assert.equal(await message.mentionSelf(), true);
    assert.equal(await message.room()?.topic(), 'Team');
    assert.equal(message.talker().name(), 'Alice');
  });

  it('mentions everybody but the talker with "all"', async () => {
    const { bot, world } = running;
    const heard = next<[Message]>(bot, 'message');
    world.contact('Alice').say('party', { mentions: 'all' }).in('Team');
    const [message] = await heard;
    assert.equal(message.text(), '@所有人\u2005party');
    const names = (await message.mentionList()).map((contact) => contact.name());
    assert.deepEqual(names, ['Bot', 'Ming', 'Bob']);
  });

  it('lets the bot mention members, and nobody else', async () => {
    const { puppet, world } = running;
    const room = world.room('Team');
    const ming = world.contact('Ming');
    const id = await puppet.messageSendText(room.id, '@Ming\u2005hi', [ming.id, world.contact('Grace').id]);
    const [said] = world.messages({ conversation: room });
    assert.equal(said?.id, id);
    assert.deepEqual(said?.mentionIds, [ming.id]);
  });

  it('tells the bot of what it said itself, after the send is answered', async () => {
    const { puppet, world } = running;
    const order: string[] = [];
    const heard = next<[{ messageId: string }]>(puppet, 'message').then(([event]) => {
      order.push(`heard ${event.messageId}`);
    });
    const id = await puppet.messageSendText(world.contact('Bob').id, 'hello');
    order.push(`sent ${String(id)}`);
    await heard;
    assert.deepEqual(order, [`sent ${String(id)}`, `heard ${String(id)}`]);
    assert.equal((await puppet.messagePayload(String(id))).talkerId, world.self.id);
  });

  it('shows what the user types on the phone as a message of the bot', async () => {
    const { bot, world } = running;
    const heard = next<[Message]>(bot, 'message');
    world.self.say('typed on the phone').to('Alice');
    const [message] = await heard;
    assert.equal(message.self(), true);
    assert.equal(message.listener()?.name(), 'Alice');
  });

  it('keeps the order of messages', async () => {
    const { puppet, world } = running;
    const heard: string[] = [];
    puppet.on('message', ({ messageId }) => {
      heard.push(messageId);
    });
    const ming = world.contact('Ming');
    const said = Array.from({ length: 1_000 }, (_, index) => ming.say(`number ${index}`).to().id);
    const last = ming.say('last').to();
    while (!heard.includes(last.id)) {
      await next(puppet, 'message');
    }
    assert.deepEqual(heard, [...said, last.id]);
  });

  it('goes on delivering after a listener threw', async () => {
    const { puppet, world } = running;
    const listeners = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[];
    process.removeAllListeners('uncaughtException');
    const thrown = next<[Error]>(process, 'uncaughtException');
    const heard: string[] = [];
    puppet.once('message', () => {
      throw new Error('a listener threw');
    });
    puppet.on('message', ({ messageId }) => {
      heard.push(messageId);
    });
    try {
      world.contact('Ming').say('one').to();
      const two = world.contact('Ming').say('two').to();
      const [error] = await thrown;
      assert.equal(error.message, 'a listener threw');
      while (heard.length === 0) {
        await next(puppet, 'message');
      }
      assert.deepEqual(heard, [two.id]);
    } finally {
      for (const listener of listeners) {
        process.on('uncaughtException', listener);
      }
    }
  });

  it('delivers the same message again when told to', async () => {
    const { puppet, world } = running;
    const heard = next<[{ messageId: string }]>(puppet, 'message');
    const message = world.contact('Ming').say('ding').to();
    await heard;
    const again = next<[{ messageId: string }]>(puppet, 'message');
    world.redeliver(message);
    assert.equal((await again)[0].messageId, message.id);
  });

  it('recalls', async () => {
    const { bot, puppet, world } = running;
    const ming = world.contact('Ming');
    const heard = next(bot, 'message');
    const secret = ming.say('secret').to();
    await heard;
    const noticed = next<[Message]>(bot, 'message');
    ming.recall(secret);
    const [notice] = await noticed;
    assert.equal(notice.type(), types.Message.Recalled);
    assert.equal((await notice.toRecalled())?.text(), 'secret');
    assert.throws(() => ming.recall(secret), /recalled already/);

    const own = String(await puppet.messageSendText(ming.id, 'oops'));
    assert.equal(await puppet.messageRecall(own), true);
    assert.deepEqual(world.messages({ after: own })[0]?.content, { kind: 'recall', messageId: own });
    await assert.rejects(puppet.messageRecall(secret.id), /said by somebody else/);
    await assert.rejects(puppet.messageRecall('42'), /no such message/);
  });

  it('counts as unread what nobody marked as read', async () => {
    const { puppet, world } = running;
    const ming = world.contact('Ming');
    assert.equal(await puppet.conversationReadMark(ming.id), true);
    ming.say('ding').to();
    assert.equal(await puppet.conversationReadMark(ming.id), false);
    await puppet.conversationReadMark(ming.id, true);
    assert.equal(await puppet.conversationReadMark(ming.id), true);
    await assert.rejects(puppet.conversationReadMark('wxid_none'), /no such contact/);
  });

  it('refuses what WeChat refuses', async () => {
    const { puppet, world } = running;
    assert.throws(() => world.contact('Grace').say('hi').to(), /not a friend/);
    assert.throws(() => world.contact('Grace').say('hi').in('Team'), /not in room/);
    assert.throws(() => world.contact('Ming').say('hi').to('Alice'), /only talk to the bot/);
    await assert.rejects(puppet.messageSendText(world.contact('Grace').id, 'hi'), /not a friend/);
    await assert.rejects(puppet.messageSendText('wxid_none', 'hi'), /no such contact/);
    await assert.rejects(puppet.messageSendText(world.room('Secret Garden').id, 'hi'), /not in room/);
    await assert.rejects(puppet.messageSendText(world.contact('Ming').id, ''), /empty text/);
    const foreign = world.contact('Grace').say('psst').in('Secret Garden');
    await assert.rejects(puppet.messagePayload(foreign.id), /no such message/);
  });

  it('names people by id, alias or name, and says when a name is not enough', () => {
    const { world } = running;
    assert.equal(world.contact('小明').id, world.contact('Ming').id);
    assert.equal(world.contact('wxid_wangfang').name, '王芳');
    assert.throws(() => world.contact('Nobody'), /no contact "Nobody"/);
    assert.throws(() => world.contact('Chen Wei'), /wxid_chenwei1, wxid_chenwei2/);
    assert.throws(() => world.room('Nowhere'), /no room "Nowhere"/);
    assert.equal(world.contact('Grace').isFriend, false);
  });

  it('gives up waiting for an answer when told to', async () => {
    const { world } = running;
    await assert.rejects(world.nextMessage({ timeout: 1 }), /no such message within 1 ms/);
    const abort = new AbortController();
    const waiting = world.nextMessage({ signal: abort.signal });
    abort.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
  });
});
