import assert from 'node:assert/strict';
import { CommandedBot, failure } from '../../support/commanded-bot';

/**
 * The names of the world in these tests contain separators, and parts of them name others: the contact Bob has the alias
 * `Ming, Alice`, and the rooms are `Sales，East` and `East`.
 */
describe('texts that name several', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
    await bot.run('contactAliasSet', { id: 'wxid_bob', alias: 'Ming, Alice' });
    await bot.run('roomTopicSet', { id: 'Team', topic: 'Sales，East' });
    await bot.run('roomTopicSet', { id: '周末爬山', topic: 'East' });
  });

  afterEach(() => bot.stop());

  /** The conversations that a message was sent to since the start, by name. */
  const sentTo = (): string[] =>
    bot.simulation
      .messages()
      .map(({ roomId, listenerId }) => roomId ?? listenerId ?? '')
      .map((id) => bot.simulation.rooms().find((room) => room.id === id)?.topic ?? id)
      .sort();

  const contactParams = ['contactSay.contacts', 'send.toContacts'];
  const roomParams = ['roomSay.rooms', 'send.toContacts'];

  /** Parameters, what they are given, and who gets the message. */
  const cases: [params: string[], given: string | string[], recipients: string[]][] = [
    [contactParams, 'Ming, Alice', ['wxid_bob']],
    [contactParams, ' Ming, Alice ', ['wxid_bob']],
    [contactParams, 'Alice, Ming', ['wxid_alice', 'wxid_ming']],
    [contactParams, 'Alice；Ming\nwxid_bob', ['wxid_alice', 'wxid_bob', 'wxid_ming']],
    [contactParams, ['Ming, Alice', 'Alice'], ['wxid_alice', 'wxid_bob']],
    [contactParams, '/^(Ming|Alice)$/, wxid_bob', ['wxid_alice', 'wxid_bob', 'wxid_ming']],
    [roomParams, 'Sales，East', ['Sales，East']],
    [roomParams, 'East, Sales，East', []],
    [roomParams, ['East', 'Sales，East'], ['East', 'Sales，East']],
    [roomParams, 'East;East', ['East']],
    [roomParams, 'Sales, East', []],
    [contactParams, 'Alice, Nobody', []],
    [contactParams, 'Alice, Chen Wei', []],
  ];

  for (const [params, given, recipients] of cases) {
    for (const param of params) {
      it(`${param} ${JSON.stringify(given)} sends to ${recipients.join(' and ') || 'nobody'}`, async () => {
        const [name = '', parameter = ''] = param.split('.');
        const sent = bot.run(name, { [parameter]: given, messagePayload: 'hi' });
        if (recipients.length === 0)
          await assert.rejects(sent, ({ code }: { code: string }) => /NOT_FOUND|INVALID_PARAMS/.test(code));
        else await sent;
        assert.deepEqual(sentTo(), recipients);
      });
    }
  }

  for (const [name, param] of [
    ['roomSay', 'mentions'],
    ['roomSayAt', 'contacts'],
    ['sendAt', 'toContacts'],
  ] as const) {
    const mention = async (given: string): Promise<string[]> => {
      const room = name === 'roomSay' ? { rooms: 'Sales，East' } : { room: 'Sales，East' };
      await bot.run(name, { ...room, [param]: given, messagePayload: 'hi' });
      return [...(bot.simulation.messages().at(-1)?.mentionIds ?? [])].sort();
    };

    it(`${name}.${param} mentions the member with this whole name, else each`, async () => {
      assert.deepEqual(await mention('Ming, Alice'), ['wxid_bob']);
      assert.deepEqual(await mention('Alice，Ming'), ['wxid_alice', 'wxid_ming']);
      assert.ok((await mention('@all')).length > 1);
    });
  }

  it('roomDel removes the member with this whole name, and nobody when a part is unknown', async () => {
    const members = async (): Promise<string[]> =>
      (await bot.run<{ id: string }[]>('roomMemberAllGet', { id: 'Sales，East' })).map(({ id }) => id);
    const before = await members();
    await assert.rejects(
      bot.run('roomDel', { id: 'Sales，East', contacts: 'Alice, Nobody' }),
      failure('NOT_FOUND', 'Nobody'),
    );
    assert.deepEqual(await members(), before);
    await bot.run('roomDel', { id: 'Sales，East', contacts: 'Ming, Alice' });
    assert.deepEqual(
      await members(),
      before.filter((id) => id !== 'wxid_bob'),
    );
  });

  it('roomCreate and roomAdd take several', async () => {
    await assert.rejects(
      bot.run('roomCreate', { contactList: 'Ming, Alice' }),
      failure('INVALID_PARAMS', 'at least two'),
    );
    const { id } = await bot.run<{ id: string }>('roomCreate', { contactList: 'Alice, Ming' });
    await bot.run('roomAdd', { id, contacts: 'Ming, Alice' });
    const created = bot.simulation.rooms().find((room) => room.id === id);
    assert.ok(created);
  });
});
