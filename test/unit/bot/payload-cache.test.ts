import assert from 'node:assert/strict';
import type { payloads } from 'wechaty-puppet';
import { flowPolicy } from '../../../src/commands/command';
import { runCommand } from '../../../src/commands/run';
import type { EventName } from '../../../src/events/table';
import { PuppetSimulator, Simulation } from '../../../src/puppets/simulator';
import { CommandedBot } from '../../support/commanded-bot';
import { SimulatedBot } from '../../support/simulated-bot';

/** A puppet that never emits `dirty`, as `wechaty-puppet-wechat4u`. */
const withoutDirtyEvents = { simulator: { faults: { noDirtyEvents: true } } };

interface EventCase {
  readonly title: string;
  readonly event: EventName;
  readonly change: (bot: CommandedBot) => unknown;
  /** What the event says about its room or contact. */
  readonly ofEvent: readonly [field: 'room' | 'contact', partial: object];
  /** A command afterwards, and a part of its result. */
  readonly command: readonly [name: string, params: object, partial: object];
}

const eventCases: readonly EventCase[] = [
  {
    title: 'a room was renamed',
    event: 'room-topic',
    change: ({ simulation }) => {
      simulation.contact('Ming').rename('Team', 'Crew');
    },
    ofEvent: ['room', { topic: 'Crew' }],
    command: ['roomFind', { id: 'Crew' }, { topic: 'Crew' }],
  },
  {
    title: 'a member joined',
    event: 'room-join',
    change: ({ simulation }) => {
      simulation.contact('李雷').join('Team', { by: 'Ming' });
    },
    ofEvent: ['room', { memberCount: 5 }],
    command: ['roomFind', { id: 'Team' }, { memberCount: 5 }],
  },
  {
    title: 'a member left',
    event: 'room-leave',
    change: ({ simulation }) => {
      simulation.contact('Ming').leave('Team');
    },
    ofEvent: ['room', { memberCount: 3 }],
    command: ['roomHas', { id: 'Team', contact: 'Ming' }, { has: false }],
  },
  {
    title: 'a friend request was confirmed',
    event: 'friendship',
    change: async (bot) => {
      await bot.run('friendshipAdd', { id: 'wxid_grace' });
      bot.simulation.contact('Grace').acceptFriend();
    },
    ofEvent: ['contact', { friend: true }],
    command: ['contactFind', { id: 'wxid_grace' }, { friend: true }],
  },
];

interface CommandCase {
  readonly change: readonly [name: string, params: object];
  readonly command: readonly [name: string, params: object, partial: object];
}

const commandCases: readonly CommandCase[] = [
  {
    change: ['contactAliasSet', { id: 'wxid_ming', alias: 'Mingming' }],
    command: ['contactFind', { id: 'Mingming' }, { alias: 'Mingming' }],
  },
  {
    change: ['contactDescriptionSet', { id: 'wxid_ming', description: 'a runner' }],
    command: ['contactFind', { id: 'wxid_ming' }, { description: 'a runner' }],
  },
  {
    change: ['contactCorporationRemarkSet', { id: 'wxid_ming', remark: 'ACME' }],
    command: ['contactFind', { id: 'wxid_ming' }, { corporation: 'ACME' }],
  },
  {
    change: ['contactPhoneSet', { id: 'wxid_ming', phones: ['110'] }],
    command: ['contactFind', { id: 'wxid_ming' }, { phone: ['110'] }],
  },
  {
    change: ['selfNameSet', { name: 'Robot' }],
    command: ['wechatyUserSelf', {}, { name: 'Robot' }],
  },
  {
    change: ['selfSignatureSet', { signature: 'Beep.' }],
    command: ['wechatyUserSelf', {}, { signature: 'Beep.' }],
  },
  {
    change: ['roomTopicSet', { id: 'Team', topic: 'Crew' }],
    command: ['roomFind', { id: 'Crew' }, { topic: 'Crew' }],
  },
  {
    change: ['roomAdd', { id: 'Team', contacts: ['李雷'] }],
    command: ['roomFind', { id: 'Team' }, { memberCount: 5 }],
  },
  {
    change: ['roomDel', { id: 'Team', contacts: ['Ming'] }],
    command: ['roomFind', { id: 'Team' }, { memberCount: 3 }],
  },
];

/** Reads everything, so that the puppet has it in its cache. */
async function warmUp(bot: CommandedBot): Promise<void> {
  await bot.run('contactFindAll');
  await bot.run('contactFind', { id: 'wxid_grace' });
  await bot.run('wechatyUserSelf');
  await bot.run('roomFindAll', { members: 'full' });
  bot.simulation.contact('Ming').say('hello').in('Team');
}

function assertPart(actual: unknown, partial: object): void {
  const fields = actual as Record<string, unknown>;
  assert.deepEqual(Object.fromEntries(Object.keys(partial).map((key) => [key, fields[key]])), partial);
}

describe('the payload cache of a puppet without dirty events', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start(withoutDirtyEvents);
    const message = bot.simulatedBot.nextEvent('message');
    await warmUp(bot);
    await message;
  });

  afterEach(() => bot.stop());

  for (const { title, event, change, ofEvent, command } of eventCases) {
    it(`is current in the event and after it when ${title}`, async () => {
      const emitted = bot.simulatedBot.nextEvent(event);
      await change(bot);
      const [field, partial] = ofEvent;
      assertPart((await emitted)[field], partial);
      const [name, params, result] = command;
      assertPart(await bot.run(name, params), result);
    });
  }

  it('is current in a message that follows a new topic at once', async () => {
    const { simulation, simulatedBot } = bot;
    const emitted = simulatedBot.nextEvent('message');
    simulation.contact('Ming').rename('Team', 'Crew');
    simulation.contact('Ming').say('new name').in('Crew');
    assertPart((await emitted).room, { topic: 'Crew' });
    await bot.run('roomSay', { rooms: 'Crew', messagePayload: 'indeed' });
    assert.equal(simulation.messages({ conversation: 'Crew' }).at(-1)?.text, 'indeed');
  });

  for (const { change, command } of commandCases) {
    it(`is current after ${change[0]}`, async () => {
      await bot.run(...change);
      const [name, params, result] = command;
      assertPart(await bot.run(name, params), result);
    });
  }

  it('is current after friendshipAccept', async () => {
    const requested = bot.simulatedBot.nextEvent('friendship');
    bot.simulation.contact('Grace').requestFriend();
    await bot.run('friendshipAccept', { id: (await requested).id });
    assertPart(await bot.run('contactFind', { id: 'Grace' }), { friend: true });
  });
});

describe('the payload cache of a puppet that logs in again', () => {
  it('is current after the login', async () => {
    const simulated = await SimulatedBot.create({
      simulator: { login: 'scan', faults: { noDirtyEvents: true } },
    });
    const { bot, simulation } = simulated;
    const nameOf = async () =>
      (await runCommand(bot, 'contactFind', { id: 'wxid_ming' }, { files: flowPolicy }))?.name;
    try {
      bot.start();
      await simulated.untilState('scanning');
      await simulation.scan();
      await simulated.untilState('ready');
      assert.equal(await nameOf(), 'Ming');
      await simulation.phoneLogout();
      await simulated.untilState('scanning');
      simulation.contact('Ming').changeName('Mingming');
      await simulation.scan();
      await simulated.untilState('ready');
      assert.equal(await nameOf(), 'Mingming');
    } finally {
      await simulated.stop();
    }
  });
});

describe('the payload cache of a puppet whose data change after its events', () => {
  it('has the new topic in the event and, as soon as the puppet has it, later', async () => {
    const simulation = new Simulation({ faults: { noDirtyEvents: true } });
    let oldTopic: string | undefined = 'Team';
    class LaggingPuppet extends PuppetSimulator {
      constructor(options: object) {
        super({ ...options, simulation });
      }

      override async roomRawPayload(id: string): Promise<payloads.Room> {
        const payload = await super.roomRawPayload(id);
        return oldTopic === undefined ? payload : { ...payload, topic: oldTopic };
      }
    }
    const simulated = await SimulatedBot.start({
      dependencies: { puppets: { simulator: () => LaggingPuppet } },
    });
    try {
      const renamed = simulated.nextEvent('room-topic');
      simulation.contact('Ming').rename('Team', 'Crew');
      assertPart((await renamed).room, { topic: 'Crew' });
      oldTopic = undefined;
      const message = simulated.nextEvent('message');
      simulation.contact('Ming').say('new name').in('Crew');
      assertPart((await message).room, { topic: 'Crew' });
    } finally {
      await simulated.stop();
    }
  });
});
