import assert from 'node:assert/strict';
import type { payloads } from 'wechaty-puppet';
import type { MessageView } from '../../../src/bot/views';
import { flowPolicy } from '../../../src/commands/command';
import { runCommand } from '../../../src/commands/run';
import type { CommandName, ParamsOf } from '../../../src/commands/table';
import { PuppetSimulator, Simulation } from '../../../src/puppets/simulator';
import { CommandedBot } from '../../support/commanded-bot';
import { SimulatedBot } from '../../support/simulated-bot';

const grin = '<span class="emoji emoji1f600"></span>';

interface MentionCase {
  readonly text: string;
  /** The bot's name and its alias in the room; default: `Bot` and none. */
  readonly name?: string;
  readonly alias?: string;
  readonly self?: boolean;
  readonly all?: boolean;
  readonly rest: string;
}

const cases: readonly MentionCase[] = [
  { text: '@Bot\u2005help', self: true, rest: 'help' },
  { text: 'help @Bot', self: true, rest: 'help' },
  { text: '@Botany\u2005help', rest: 'help' },
  { text: '@Bot help', rest: '@Bot help' },
  { text: '@My Little Bot\u2005help', name: 'My Little Bot', self: true, rest: 'help' },
  { text: '@The Helper\u2005@Ming\u2005help', alias: 'The Helper', self: true, rest: 'help' },
  { text: '@Bot\u2005help', alias: 'The Helper', self: true, rest: 'help' },
  { text: `@Bot${grin}\u2005help`, name: `Bot${grin}`, self: true, rest: 'help' },
  { text: '@R&D\u2005help', name: 'R&amp;D', self: true, rest: 'help' },
  { text: '@Ming\u2005 mail a@b.example now', rest: 'mail a@b.example now' },
  { text: '@所有人\u2005meeting', self: true, all: true, rest: 'meeting' },
  { text: '@All\u2005meeting', self: true, all: true, rest: 'meeting' },
  { text: 'no mention ', rest: 'no mention ' },
];

describe('mentions in a message without ids', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
  });

  afterEach(() => bot.stop());

  for (const { text, name, alias, self = false, all = false, rest } of cases) {
    it(`are read from ${JSON.stringify({ text, name, alias })}`, async () => {
      const { simulation, simulatedBot } = bot;
      if (name) simulation.self.changeName(name);
      if (alias) simulation.self.setRoomAlias('Team', alias);
      const event = simulatedBot.nextEvent('message');
      const { id } = simulation.contact('Ming').say(text).in('Team');
      const inEvent = (await event).message as MessageView;
      const inCommand = await bot.run<MessageView>('messageFind', { id });
      for (const message of [inEvent, inCommand]) {
        assert.equal(message.mentionsSelf, self);
        assert.equal(message.mentionsAll, all);
        assert.equal(message.textWithoutMentions, rest);
        assert.deepEqual(message.mentionIds, self ? [simulation.self.id] : []);
      }
    });
  }

  it('are none in a direct chat and in own messages', async () => {
    const { simulation, simulatedBot } = bot;
    for (const say of [
      () => simulation.contact('Ming').say('@Bot\u2005help').to(),
      () => simulation.self.say('@Bot\u2005help').in('Team'),
    ]) {
      const event = simulatedBot.nextEvent('message');
      say();
      const message = (await event).message as MessageView;
      assert.equal(message.mentionsSelf, false);
    }
  });

  it('are complete with the ids of a puppet', async () => {
    const { simulation, simulatedBot } = bot;
    const event = simulatedBot.nextEvent('message');
    simulation.contact('Ming').say('meeting', { mentions: 'all' }).in('Team');
    const message = (await event).message as MessageView;
    assert.deepEqual(
      [message.mentionsSelf, message.mentionsAll, message.textWithoutMentions],
      [true, true, 'meeting'],
    );
  });
});

describe('mentions of members without a name in the room', () => {
  it('use the name of the contact', async () => {
    const simulation = new Simulation();
    class NamelessPuppet extends PuppetSimulator {
      constructor(options: object) {
        super({ ...options, simulation });
      }

      override async roomMemberRawPayload(roomId: string, id: string): Promise<payloads.RoomMember> {
        return { ...(await super.roomMemberRawPayload(roomId, id)), name: '' };
      }
    }
    const simulated = await SimulatedBot.start({
      dependencies: { puppets: { simulator: () => NamelessPuppet } },
    });
    try {
      const run = <Name extends CommandName>(name: Name, params: ParamsOf<Name>) =>
        runCommand(simulated.bot, name, params, { files: flowPolicy });
      await run('roomSay', { rooms: 'Team', messagePayload: 'hi', mentions: 'wxid_ming' });
      assert.equal(simulation.messages().at(-1)?.text, '@Ming\u2005hi');
      const { id } = simulation.contact('Ming').say('ding').in('Team');
      await run('messageSay', { id, messagePayload: 'dong', mentionTalker: true });
      assert.equal(simulation.messages().at(-1)?.text, '@Ming\u2005dong');
    } finally {
      await simulated.stop();
    }
  });
});

describe('names as HTML', () => {
  it('are characters in every view, and found by them', async () => {
    const bot = await CommandedBot.start();
    try {
      const { simulation, simulatedBot } = bot;
      const event = simulatedBot.nextEvent('room-topic');
      simulation.contact('Ming').rename('Team', `R&amp;D${grin}`);
      const { room, topic, oldTopic } = await event;
      assert.deepEqual([(room as { topic: string }).topic, topic, oldTopic], ['R&D😀', 'R&D😀', 'Team']);
      const ming = simulation.contact('Ming');
      ming.changeName('Tom &amp; Jerry');
      ming.setRoomAlias(`R&amp;D${grin}`, '&lt;boss&gt;');
      await bot.run('contactAliasSet', { id: ming.id, alias: `Ming${grin}` });
      const contact = await bot.run<{ name: string; alias: string }>('contactFind', { id: 'Tom & Jerry' });
      assert.deepEqual([contact.name, contact.alias], ['Tom & Jerry', 'Ming😀']);
      const member = await bot.run<{ name: string; roomAlias: string }>('roomMemberGet', {
        id: 'R&D😀',
        contact: '<boss>',
      });
      assert.deepEqual([member.name, member.roomAlias], ['Tom & Jerry', '<boss>']);
      await bot.run('roomSay', { rooms: 'R&D😀', messagePayload: 'hi', mentions: 'Ming😀' });
      assert.equal(simulation.messages().at(-1)?.text, '@<boss>\u2005hi');
    } finally {
      await bot.stop();
    }
  });
});
