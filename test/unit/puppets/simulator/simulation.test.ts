import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { Simulation } from '../../../../src/puppets/simulator';
import { next, runBot, runPuppet } from './running-bot';

function snapshot(simulation: Simulation): unknown {
  return {
    contacts: simulation.contacts().map(({ id, name, alias }) => ({ id, name, alias })),
    rooms: simulation.rooms().map(({ id, topic, ownerId, memberIds }) => ({ id, topic, ownerId, memberIds })),
  };
}

describe('Simulation', () => {
  it('is the same for the same options', () => {
    const options = { contacts: 50, rooms: 12, membersPerRoom: 20 };
    assert.deepEqual(snapshot(new Simulation(options)), snapshot(new Simulation(options)));
  });

  it('has the configured number of distinct friends, rooms and members', async () => {
    const { bot, puppet, simulation } = await runBot({ contacts: 10_000, rooms: 1_000, membersPerRoom: 500 });
    try {
      const contacts = await puppet.contactList();
      assert.equal(contacts.length, 10_000);
      assert.equal(new Set(contacts).size, 10_000);
      const names = new Set(simulation.contacts().map(({ name }) => name));
      assert.equal(names.size, simulation.contacts().length - 1, 'only the two Chen Wei share a name');

      const rooms = await puppet.roomList();
      assert.equal(new Set(rooms).size, 1_000);
      for (const id of rooms) {
        const { memberIds, ownerId } = simulation.room(id);
        assert.equal(memberIds.length, 500);
        assert.equal(new Set(memberIds).size, 500);
        assert.ok(memberIds.includes(simulation.self.id) && memberIds.includes(ownerId));
      }
      assert.equal(rooms.filter((id) => simulation.room(id).ownerId === simulation.self.id).length > 0, true);
    } finally {
      await bot.stop();
    }
  });

  it('fills rooms larger than the number of friends with other contacts', () => {
    const simulation = new Simulation({ contacts: 2, rooms: 2, membersPerRoom: 30 });
    assert.deepEqual(
      simulation.rooms().map(({ memberIds }) => new Set(memberIds).size),
      [30, 30, 3],
    );
    assert.equal(simulation.contacts().filter(({ isFriend }) => isFriend).length, 2);
  });

  it('evicts the oldest messages', () => {
    const simulation = new Simulation({ history: 3 });
    const ming = simulation.contact('Ming');
    const sent = ['one', 'two', 'three', 'four', 'five'].map((text) => ming.say(text).to());
    assert.deepEqual(
      simulation.messages().map(({ text }) => text),
      ['three', 'four', 'five'],
    );
    assert.throws(() => {
      simulation.redeliver(sent[0]?.id ?? '');
    }, /too old/);
  });

  it('emits every message, the bot’s included, until the listener is removed', async () => {
    const { bot, puppet, simulation } = await runBot();
    try {
      const received: string[] = [];
      const stop = simulation.on('message', ({ text }) => received.push(text));
      simulation.contact('Ming').say('ding').to();
      await puppet.messageSendText('wxid_ming', 'dong');
      stop();
      simulation.contact('Ming').say('missed').to();
      assert.deepEqual(received, ['ding', 'dong']);
    } finally {
      await bot.stop();
    }
  });

  it('counts puppet calls', async () => {
    const puppet = await runPuppet();
    const { calls } = puppet.simulation;
    const { id } = puppet.simulation.room('Team');
    calls.reset();
    await puppet.roomPayload(id);
    await puppet.roomPayload(id);
    await puppet.roomMemberList(id);
    await puppet.messageSendText(id, 'hi');
    assert.deepEqual(calls.counts(), { roomRawPayload: 1, roomMemberList: 1, messageSendText: 1 });
    assert.equal(calls.of('roomRawPayload'), 1);
    assert.equal(calls.of('roomList'), 0);
    assert.equal(calls.total, 3);
    calls.reset();
    assert.equal(calls.total, 0);
    await puppet.stop();
  });

  it('keeps its state when the bot restarts', async () => {
    const first = await runBot();
    await first.puppet.contactAlias('wxid_alice', '爱丽丝');
    await first.bot.stop();
    const { bot, simulation } = await runBot({ simulation: first.simulation });
    assert.equal(simulation.contact('爱丽丝').name, 'Alice');
    await bot.stop();
  });

  it('emits nothing after the bot has stopped', async () => {
    const puppet = await runPuppet();
    let messages = 0;
    puppet.on('message', () => {
      messages++;
    });
    puppet.simulation.contact('Ming').say('too late').to();
    await puppet.stop();
    await new Promise(setImmediate);
    assert.equal(messages, 0);
  });

  it('keeps no process alive after the bot has stopped', async () => {
    const script = join(__dirname, 'start-and-stop.ts');
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', script], { timeout: 15_000 });
    const [code] = await next<[number | null]>(child, 'exit');
    assert.equal(code, 0);
  });

  it('rejects invalid options by name', () => {
    assert.throws(() => new Simulation({ contacts: -1 }), /"contacts" must be a whole number of at least 0/);
    assert.throws(() => new Simulation({ rooms: 1.5 }), /"rooms"/);
    assert.throws(() => new Simulation({ membersPerRoom: 0 }), /"membersPerRoom"/);
    assert.throws(() => new Simulation({ login: 'magic' as 'scan' }), /"login"/);
  });
});
