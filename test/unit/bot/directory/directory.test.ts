import assert from 'node:assert/strict';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('finding contacts and rooms', () => {
  let simulated: SimulatedBot;
  afterEach(async () => {
    await simulated.end();
  });

  it('knows them by id, alias, name and pattern, and names the candidates of an ambiguous name', async () => {
    simulated = await SimulatedBot.start();
    const { contacts, rooms } = simulated.bot.account();
    const ids = async (query: string): Promise<string[]> => (await contacts.find(query)).map(({ id }) => id);
    assert.deepEqual(await ids('wxid_ming'), ['wxid_ming']);
    assert.deepEqual(await ids('小明'), ['wxid_ming']);
    assert.deepEqual(await ids('Ming'), ['wxid_ming']);
    assert.deepEqual(await ids('/^chen/i'), ['wxid_chenwei1', 'wxid_chenwei2']);
    assert.deepEqual(await ids('nobody'), []);
    await assert.rejects(contacts.one('Chen Wei'), {
      code: 'INVALID_PARAMS',
      message: /wxid_chenwei1, wxid_chenwei2/,
    });
    await assert.rejects(contacts.one('nobody'), { code: 'NOT_FOUND' });
    await assert.rejects(contacts.find('/(/'), { code: 'INVALID_PARAMS' });
    assert.equal((await rooms.one('Team')).id, (await rooms.one('/^Te/')).id);
    await assert.rejects(rooms.one('Secret Garden'), { code: 'NOT_FOUND' });
  });

  it('does not find somebody under a name given up', async () => {
    simulated = await SimulatedBot.start();
    const { contacts } = simulated.bot.account();
    const alice = simulated.world.contact('Alice');
    assert.equal((await contacts.one('Alice')).id, alice.id);
    alice.changeName('Alicia');
    assert.equal((await contacts.one('Alicia')).id, alice.id);
    assert.deepEqual(await contacts.find('Alice'), []);
  });

  it('cannot be misled by a name that looks like somebody else’s id', async () => {
    simulated = await SimulatedBot.start();
    const { contacts } = simulated.bot.account();
    await contacts.one('Alice');
    simulated.world.contact('Bob').changeName('wxid_ming');
    assert.equal((await contacts.one('wxid_ming')).name, 'Ming');
  });

  it('gives up a pattern that would never end', async () => {
    simulated = await SimulatedBot.start();
    simulated.world.contact('Alice').changeName(`${'a'.repeat(60)}!`);
    await assert.rejects(simulated.bot.account().contacts.find('/^(a+)+$/'), {
      code: 'INVALID_PARAMS',
      message: /takes too long/,
    });
  });

  it('reads 10,000 contacts and 1,000 rooms of 500 with one call each, and lets others work meanwhile', async () => {
    simulated = await SimulatedBot.start({
      simulator: { contacts: 10_000, rooms: 1_000, membersPerRoom: 500 },
    });
    const { contacts, rooms } = simulated.bot.account();
    const { calls } = simulated.world;
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    calls.reset();
    assert.equal((await contacts.all()).length, 10_000);
    assert.ok(calls.total <= 10_001, `${calls.total} calls`);
    calls.reset();
    assert.equal((await rooms.all()).length, 1_000);
    assert.ok(calls.total <= 1_001, `${calls.total} calls`);
    clearInterval(ticking);
    assert.ok(turns >= 10, `${turns} turns for everybody else`);
  });
});
