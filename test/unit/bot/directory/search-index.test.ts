import assert from 'node:assert/strict';
import { SimulatedBot } from '../../../support/simulated-bot';
import type { Account } from '../../../../src/bot/account';

describe('SearchIndex', () => {
  let simulated: SimulatedBot;
  afterEach(async () => {
    await simulated.stop();
  });

  const contacts = (): Account['contacts'] => simulated.bot.account().contacts;

  /** The ids found when everything has been read. */
  async function found(directory: Account['contacts'] | Account['rooms'], query: string): Promise<string[]> {
    for (;;) {
      const { entries, isComplete } = await directory.search(query, 0, 200);
      if (isComplete) return entries.map(({ id }) => id);
    }
  }

  it('finds parts of names, aliases and ids, the best matches first', async () => {
    simulated = await SimulatedBot.start();
    assert.deepEqual(await found(contacts(), 'MING'), ['wxid_ming']);
    assert.deepEqual(await found(contacts(), '陈伟'), ['wxid_chenwei2']);
    assert.deepEqual(await found(contacts(), 'sales'), ['wxid_wangfang']);
    simulated.simulation.contact('wxid_bob').changeName('Malice');
    simulated.simulation.contact('wxid_lilei').changeName('Alice2');
    assert.deepEqual(await found(contacts(), 'alice'), ['wxid_alice', 'wxid_lilei', 'wxid_bob']);
    assert.equal((await found(contacts(), '')).length, 8);
    const { rooms } = simulated.bot.account();
    assert.equal((await found(rooms, 'eam')).length, 1);
  });

  it('reads only changed contacts and rooms again', async () => {
    simulated = await SimulatedBot.start();
    const { simulation } = simulated;
    const { rooms } = simulated.bot.account();
    assert.deepEqual(await found(contacts(), 'alicia'), []);
    assert.deepEqual(await found(rooms, 'Crew'), []);
    simulation.calls.reset();
    simulation.contact('wxid_alice').changeName('Alicia');
    assert.deepEqual(await found(contacts(), 'alicia'), ['wxid_alice']);
    assert.ok(simulation.calls.of('contactRawPayload') <= 1, 'only Alice is read again');

    const befriended = simulated.nextEvent('friendship', ({ type }) => type === 'Receive');
    simulation.contact('wxid_grace').requestFriend();
    const { id } = await befriended;
    const { puppet } = simulated.bot.account();
    const confirmed = simulated.nextEvent('friendship', ({ type }) => type === 'Confirm');
    await puppet.friendshipAccept(String(id));
    await confirmed;
    assert.deepEqual(await found(contacts(), 'grace'), ['wxid_grace']);
    simulation.contact('wxid_ming').unfriend();
    assert.deepEqual(await found(contacts(), 'ming'), []);

    const renamed = simulated.nextEvent('room-topic');
    simulation.contact('wxid_alice').rename('Team', 'Crew');
    await renamed;
    assert.equal((await found(rooms, 'crew')).length, 1);
    assert.equal((await found(rooms, 'team')).length, 0);
  });

  it('is rebuilt after a restart of the bot', async () => {
    simulated = await SimulatedBot.start();
    assert.equal((await found(contacts(), 'alice')).length, 1);
    await simulated.bot.stop();
    simulated.simulation.contact('wxid_alice').changeName('Zoe');
    simulated.bot.start();
    await simulated.untilState('ready');
    assert.deepEqual(await found(contacts(), 'alice'), ['wxid_alice'], 'by her id');
    assert.deepEqual(await found(contacts(), 'zoe'), ['wxid_alice']);
  });

  it('answers from memory while a slow puppet is read', async () => {
    simulated = await SimulatedBot.start();
    await found(contacts(), '');
    simulated.simulation.faults = { slow: 1_000 };
    simulated.simulation.contact('wxid_bob').changeName('Robert');
    const { entries, isComplete } = await contacts().search('alice', 0, 10);
    assert.deepEqual([entries.length, isComplete], [1, false]);
  });

  it('rejects when the list cannot be read, and retries', async () => {
    simulated = await SimulatedBot.start();
    simulated.simulation.faults = { rejectAll: true };
    await assert.rejects(contacts().search('', 0, 10), { code: 'FAILED' });
    simulated.simulation.faults = {};
    assert.equal((await found(contacts(), '')).length, 8);
  });

  it('pages through 10,000 contacts without puppet calls', async () => {
    simulated = await SimulatedBot.start({ simulator: { contacts: 10_000, rooms: 1_000 } });
    await found(contacts(), '');
    simulated.simulation.calls.reset();
    const seen = new Set<string>();
    for (let first = 0; first < 10_000; first += 200) {
      const { entries, total } = await contacts().search('', first, 200);
      assert.equal(total, 10_000);
      for (const { id } of entries) seen.add(id);
    }
    for (let turn = 0; turn < 100; turn += 1) await contacts().search('emma l', 0, 50);
    assert.equal(seen.size, 10_000);
    assert.equal(simulated.simulation.calls.total, 0);
  });
});
