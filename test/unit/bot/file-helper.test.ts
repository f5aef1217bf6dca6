import assert from 'node:assert/strict';
import type { SendResult } from '../../../src/commands/broadcast';
import { PuppetSimulator, Simulation } from '../../../src/puppets/simulator';
import { CommandedBot } from '../../support/commanded-bot';
import { SimulatedBot } from '../../support/simulated-bot';

describe('the file helper', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
  });

  afterEach(() => bot.stop());

  for (const name of ['filehelper', '文件传输助手']) {
    it(`is a recipient by ${name}`, async () => {
      for (const [command, params] of [
        ['contactSay', { contacts: name }],
        ['send', { toContacts: name }],
      ] as const) {
        const { success } = await bot.run<SendResult>(command, { ...params, messagePayload: 'note' });
        assert.deepEqual(
          success.map(({ id }) => id),
          ['filehelper'],
        );
      }
      const texts = bot.simulation.messages({ conversation: 'filehelper' }).map(({ text }) => text);
      assert.deepEqual(texts, ['note', 'note']);
      const found = await bot.run<{ id: string; friend: boolean }>('contactFind', { id: name });
      assert.deepEqual([found.id, found.friend], ['filehelper', false]);
    });
  }

  it('is suggested by its name and id, and in no list', async () => {
    const { contacts } = bot.simulatedBot.bot.account();
    for (const query of ['文件', 'fileh']) {
      const { entries, total } = await contacts.search(query, 0, 10);
      assert.deepEqual([entries.map(({ id }) => id), total], [['filehelper'], 1]);
    }
    const listed = [
      ...(await contacts.search('', 0, 100)).entries,
      ...(await contacts.all()),
      ...(await contacts.find('/./')),
    ];
    assert.ok(listed.every(({ id }) => id !== 'filehelper'));
  });

  it('is not the friend who takes its name', async () => {
    bot.simulation.contact('Bob').changeName('文件传输助手');
    assert.equal((await bot.run<{ id: string }>('contactFind', { id: '文件传输助手' })).id, 'filehelper');
  });

  it('is the listener of an own message from the phone', async () => {
    const event = bot.simulatedBot.nextEvent('message');
    bot.simulation.self.say('note').to('filehelper');
    const { listener } = await event;
    assert.equal((listener as { name: string }).name, '文件传输助手');
  });
});

describe('the file helper of a puppet that does not know it', () => {
  it('is a recipient all the same', async () => {
    const simulation = new Simulation();
    class ForgetfulPuppet extends PuppetSimulator {
      constructor(options: object) {
        super({ ...options, simulation });
      }

      override contactRawPayload(id: string): ReturnType<PuppetSimulator['contactRawPayload']> {
        return id === 'filehelper' ? Promise.reject(new Error('unknown')) : super.contactRawPayload(id);
      }
    }
    const simulated = await SimulatedBot.start({
      dependencies: { puppets: { simulator: () => ForgetfulPuppet } },
    });
    try {
      assert.equal((await simulated.bot.account().contacts.findOne('filehelper')).name, '文件传输助手');
    } finally {
      await simulated.stop();
    }
  });
});
