import assert from 'node:assert/strict';
import { once } from 'node:events';

import { type Message, type Wechaty, WechatyBuilder } from 'wechaty';

import { PuppetSimulator } from '../../../src/puppets/simulator';

describe('text in the simulated WeChat', () => {
  let puppet: PuppetSimulator;
  let bot: Wechaty;

  beforeEach(async () => {
    puppet = new PuppetSimulator();
    bot = WechatyBuilder.build({ puppet });
    const ready = once(bot, 'ready');
    await bot.start();
    await ready;
  });

  afterEach(() => bot.stop());

  it('passes from a friend to the bot and back', async () => {
    const { world } = puppet;
    bot.on('message', (message: Message) => {
      if (!message.self()) {
        void message.say('dong');
      }
    });
    const ding = world.contact('Ming').say('ding').to(world.self);
    const dong = await world.answerTo(ding);
    assert.equal(dong.text, 'dong');
    assert.equal(dong.listenerId, world.contact('小明').id);
    assert.deepEqual(
      world.messages({ conversation: 'Ming' }).map(({ text }) => text),
      ['ding', 'dong'],
    );
  });
});
