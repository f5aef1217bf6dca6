import assert from 'node:assert/strict';

import type { Message } from 'wechaty';
import { types } from 'wechaty-puppet';

import { next, runBot, type RunningBot } from './running-bot';

describe('PuppetSimulator: text messages', () => {
  let running: RunningBot;

  beforeEach(async () => {
    running = await runBot();
  });

  afterEach(() => running.bot.stop());

  it('are sent from a friend to the bot and back', async () => {
    const { bot, simulation } = running;
    bot.on('message', (message: Message) => {
      if (!message.self()) {
        void message.say('dong');
      }
    });
    const ding = simulation.contact('Ming').say('ding').to(simulation.self);
    const dong = await simulation.nextReply(ding);
    assert.equal(dong.text, 'dong');
    assert.equal(dong.listenerId, simulation.contact('小明').id);
    const texts = simulation.messages({ conversation: 'Ming' }).map(({ text }) => text);
    assert.deepEqual(texts, ['ding', 'dong']);
    assert.deepEqual(simulation.messages({ after: ding }), [dong]);
  });

  it('mention a member in a room', async () => {
    const { bot, simulation } = running;
    const received = next<[Message]>(bot, 'message');
    simulation
      .contact('Alice')
      .say('lunch?', { mentions: [simulation.self] })
      .in('Team');
    const [message] = await received;
    assert.equal(message.text(), '@Bot\u2005lunch?');
    assert.equal(await message.mentionText(), 'lunch?');
    assert.equal(await message.mentionSelf(), true);
    assert.equal(await message.room()?.topic(), 'Team');
    assert.equal(message.talker().name(), 'Alice');
  });

  it('mention all members but the talker', async () => {
    const { bot, simulation } = running;
    const received = next<[Message]>(bot, 'message');
    simulation.contact('Alice').say('party', { mentions: 'all' }).in('Team');
    const [message] = await received;
    assert.equal(message.text(), '@所有人\u2005party');
    const names = (await message.mentionList()).map((contact) => contact.name());
    assert.deepEqual(names, ['Bot', 'Ming', 'Bob']);
  });

  it('drop mentions of contacts that are not members', async () => {
    const { puppet, simulation } = running;
    const room = simulation.room('Team');
    const ming = simulation.contact('Ming');
    const id = await puppet.messageSendText(room.id, '@Ming\u2005hi', [
      ming.id,
      simulation.contact('Grace').id,
    ]);
    const [sent] = simulation.messages({ conversation: room });
    assert.equal(sent?.id, id);
    assert.deepEqual(sent?.mentionIds, [ming.id]);
  });

  it('of the bot are emitted after the send has resolved', async () => {
    const { puppet, simulation } = running;
    const order: string[] = [];
    const received = next<[{ messageId: string }]>(puppet, 'message').then(([event]) => {
      order.push(`received ${event.messageId}`);
    });
    const id = await puppet.messageSendText(simulation.contact('Bob').id, 'hello');
    order.push(`sent ${String(id)}`);
    await received;
    assert.deepEqual(order, [`sent ${String(id)}`, `received ${String(id)}`]);
    assert.equal((await puppet.messagePayload(String(id))).talkerId, simulation.self.id);
  });

  it('sent on the phone are emitted as messages of the bot', async () => {
    const { bot, simulation } = running;
    const received = next<[Message]>(bot, 'message');
    simulation.self.say('typed on the phone').to('Alice');
    const [message] = await received;
    assert.equal(message.self(), true);
    assert.equal(message.listener()?.name(), 'Alice');
  });

  it('are emitted in order', async () => {
    const { puppet, simulation } = running;
    const received: string[] = [];
    puppet.on('message', ({ messageId }) => {
      received.push(messageId);
    });
    const ming = simulation.contact('Ming');
    const sent = Array.from({ length: 1_000 }, (_, index) => ming.say(`number ${index}`).to().id);
    const last = ming.say('last').to();
    while (!received.includes(last.id)) {
      await next(puppet, 'message');
    }
    assert.deepEqual(received, [...sent, last.id]);
  });

  it('are still emitted after a listener has thrown', async () => {
    const { puppet, simulation } = running;
    const listeners = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[];
    process.removeAllListeners('uncaughtException');
    const thrown = next<[Error]>(process, 'uncaughtException');
    const received: string[] = [];
    puppet.once('message', () => {
      throw new Error('a listener threw');
    });
    puppet.on('message', ({ messageId }) => {
      received.push(messageId);
    });
    try {
      simulation.contact('Ming').say('one').to();
      const two = simulation.contact('Ming').say('two').to();
      const [error] = await thrown;
      assert.equal(error.message, 'a listener threw');
      while (received.length === 0) {
        await next(puppet, 'message');
      }
      assert.deepEqual(received, [two.id]);
    } finally {
      for (const listener of listeners) {
        process.on('uncaughtException', listener);
      }
    }
  });

  it('can be delivered again', async () => {
    const { puppet, simulation } = running;
    const received = next<[{ messageId: string }]>(puppet, 'message');
    const message = simulation.contact('Ming').say('ding').to();
    await received;
    const again = next<[{ messageId: string }]>(puppet, 'message');
    simulation.redeliver(message);
    assert.equal((await again)[0].messageId, message.id);
  });

  it('can be recalled', async () => {
    const { bot, puppet, simulation } = running;
    const ming = simulation.contact('Ming');
    const received = next(bot, 'message');
    const secret = ming.say('secret').to();
    await received;
    const noticed = next<[Message]>(bot, 'message');
    ming.recall(secret);
    const [notice] = await noticed;
    assert.equal(notice.type(), types.Message.Recalled);
    assert.equal((await notice.toRecalled())?.text(), 'secret');
    assert.throws(() => ming.recall(secret), /recalled already/);

    const own = String(await puppet.messageSendText(ming.id, 'oops'));
    assert.equal(await puppet.messageRecall(own), true);
    assert.deepEqual(simulation.messages({ after: own })[0]?.content, { kind: 'recall', messageId: own });
    await assert.rejects(puppet.messageRecall(secret.id), /said by somebody else/);
    await assert.rejects(puppet.messageRecall('42'), /no such message/);
  });

  it('make a conversation unread until it is marked as read', async () => {
    const { puppet, simulation } = running;
    const ming = simulation.contact('Ming');
    assert.equal(await puppet.conversationReadMark(ming.id), true);
    ming.say('ding').to();
    assert.equal(await puppet.conversationReadMark(ming.id), false);
    await puppet.conversationReadMark(ming.id, true);
    assert.equal(await puppet.conversationReadMark(ming.id), true);
    await assert.rejects(puppet.conversationReadMark('wxid_none'), /no such contact/);
  });

  it('are rejected where WeChat rejects them', async () => {
    const { puppet, simulation } = running;
    assert.throws(() => simulation.contact('Grace').say('hi').to(), /not a friend/);
    assert.throws(() => simulation.contact('Grace').say('hi').in('Team'), /not in room/);
    assert.throws(() => simulation.contact('Ming').say('hi').to('Alice'), /only talk to the bot/);
    await assert.rejects(puppet.messageSendText(simulation.contact('Grace').id, 'hi'), /not a friend/);
    await assert.rejects(puppet.messageSendText('wxid_none', 'hi'), /no such contact/);
    await assert.rejects(puppet.messageSendText(simulation.room('Secret Garden').id, 'hi'), /not in room/);
    await assert.rejects(puppet.messageSendText(simulation.contact('Ming').id, ''), /empty text/);
    const invisible = simulation.contact('Grace').say('psst').in('Secret Garden');
    await assert.rejects(puppet.messagePayload(invisible.id), /no such message/);
  });

  it('contact() finds by id, alias or name and rejects an ambiguous name', () => {
    const { simulation } = running;
    assert.equal(simulation.contact('小明').id, simulation.contact('Ming').id);
    assert.equal(simulation.contact('wxid_wangfang').name, '王芳');
    assert.throws(() => simulation.contact('Nobody'), /no contact "Nobody"/);
    assert.throws(() => simulation.contact('Chen Wei'), /wxid_chenwei1, wxid_chenwei2/);
    assert.throws(() => simulation.room('Nowhere'), /no room "Nowhere"/);
    assert.equal(simulation.contact('Grace').isFriend, false);
  });

  it('nextMessage() rejects after its timeout or when aborted', async () => {
    const { simulation } = running;
    await assert.rejects(simulation.nextMessage({ timeout: 1 }), /no such message within 1 ms/);
    const abort = new AbortController();
    const waiting = simulation.nextMessage({ signal: abort.signal });
    abort.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
  });
});
