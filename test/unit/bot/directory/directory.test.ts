import assert from 'node:assert/strict';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('Directory', () => {
  let simulated: SimulatedBot;
  afterEach(async () => {
    await simulated.stop();
  });

  it('finds by id, alias, name and pattern, and lists the candidates of an ambiguous name', async () => {
    simulated = await SimulatedBot.start();
    const { contacts, rooms } = simulated.bot.account();
    const ids = async (query: string): Promise<string[]> => (await contacts.find(query)).map(({ id }) => id);
    assert.deepEqual(await ids('wxid_ming'), ['wxid_ming']);
    assert.deepEqual(await ids('小明'), ['wxid_ming']);
    assert.deepEqual(await ids('Ming'), ['wxid_ming']);
    assert.deepEqual(await ids('/^chen/i'), ['wxid_chenwei1', 'wxid_chenwei2']);
    assert.deepEqual(await ids('nobody'), []);
    await assert.rejects(contacts.findOne('Chen Wei'), {
      code: 'INVALID_PARAMS',
      message: /wxid_chenwei1, wxid_chenwei2/,
    });
    await assert.rejects(contacts.findOne('nobody'), { code: 'NOT_FOUND' });
    await assert.rejects(contacts.find('/(/'), { code: 'INVALID_PARAMS' });
    assert.equal((await rooms.findOne('Team')).id, (await rooms.findOne('/^Te/')).id);
    await assert.rejects(rooms.findOne('Secret Garden'), { code: 'NOT_FOUND' });
  });

  it('does not find a contact by its former name', async () => {
    simulated = await SimulatedBot.start();
    const { contacts } = simulated.bot.account();
    const alice = simulated.simulation.contact('Alice');
    assert.equal((await contacts.findOne('Alice')).id, alice.id);
    alice.changeName('Alicia');
    assert.equal((await contacts.findOne('Alicia')).id, alice.id);
    assert.deepEqual(await contacts.find('Alice'), []);
  });

  it('prefers an id to an equal name', async () => {
    simulated = await SimulatedBot.start();
    const { contacts } = simulated.bot.account();
    await contacts.findOne('Alice');
    simulated.simulation.contact('Bob').changeName('wxid_ming');
    assert.equal((await contacts.findOne('wxid_ming')).name, 'Ming');
  });

  it('is not blocked by a catastrophic or an overlong pattern', async () => {
    simulated = await SimulatedBot.start();
    const { contacts } = simulated.bot.account();
    simulated.simulation.contact('Alice').changeName(`${'a'.repeat(60)}!`);
    assert.deepEqual(await contacts.find('/^(a+)+$/'), []);
    await assert.rejects(contacts.find(`/${'(a|b)'.repeat(50_000)}/`), {
      code: 'INVALID_PARAMS',
      message: /too long/,
    });
  });

  it('reads no more of 10,000 contacts than the part that is asked for', async () => {
    simulated = await SimulatedBot.start({ simulator: { contacts: 10_000 } });
    const { contacts } = simulated.bot.account();
    const all = await contacts.all();
    const { calls } = simulated.simulation;
    calls.reset();
    const part = await contacts.find('/./', { offset: 20, limit: 10 });
    assert.deepEqual(part, all.slice(20, 30));
    assert.ok(calls.total <= 200, `${calls.total} calls`);
    assert.equal((await contacts.findEachId('/./')).length, 10_000);
  });

  it('reads 10,000 contacts and 1,000 rooms of 500 with one call each, without blocking the event loop', async () => {
    simulated = await SimulatedBot.start({
      simulator: { contacts: 10_000, rooms: 1_000, membersPerRoom: 500 },
    });
    const { contacts, rooms } = simulated.bot.account();
    const { calls } = simulated.simulation;
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
    assert.ok(turns >= 10, `${turns} turns of the event loop`);
  });
});
