import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { World } from '../../../../src/puppets/simulator';
import { next, runBot, runPuppet } from './running-bot';

function described(world: World): unknown {
  return {
    contacts: world.contacts().map(({ id, name, alias }) => ({ id, name, alias })),
    rooms: world.rooms().map(({ id, topic, ownerId, memberIds }) => ({ id, topic, ownerId, memberIds })),
    message: world.contact('Ming').say('ding').to().id,
  };
}

describe('simulated WeChat: the world', () => {
  it('is the same for the same options', () => {
    const options = { contacts: 50, rooms: 12, membersPerRoom: 20 };
    assert.deepEqual(described(new World(options)), described(new World(options)));
  });

  it('has as many friends, rooms and members as asked for, no two alike', async () => {
    const { bot, puppet, world } = await runBot({ contacts: 10_000, rooms: 1_000, membersPerRoom: 500 });
    try {
      const contacts = await puppet.contactList();
      assert.equal(contacts.length, 10_000);
      assert.equal(new Set(contacts).size, 10_000);
      const names = new Set(world.contacts().map(({ name }) => name));
      assert.equal(names.size, world.contacts().length - 1, 'only the two Chen Wei share a name');

      const rooms = await puppet.roomList();
      assert.equal(new Set(rooms).size, 1_000);
      for (const id of rooms) {
        const { memberIds, ownerId } = world.room(id);
        assert.equal(memberIds.length, 500);
        assert.equal(new Set(memberIds).size, 500);
        assert.ok(memberIds.includes(world.self.id) && memberIds.includes(ownerId));
      }
      assert.equal(rooms.filter((id) => world.room(id).ownerId === world.self.id).length > 0, true);
    } finally {
      await bot.stop();
    }
  });

  it('fills rooms bigger than the number of friends with strangers', () => {
    const world = new World({ contacts: 2, rooms: 2, membersPerRoom: 30 });
    assert.deepEqual(
      world.rooms().map(({ memberIds }) => new Set(memberIds).size),
      [30, 30, 3],
    );
    assert.equal(world.contacts().filter(({ isFriend }) => isFriend).length, 2);
  });

  it('forgets the oldest messages', () => {
    const world = new World({ history: 3 });
    const ming = world.contact('Ming');
    const said = ['one', 'two', 'three', 'four', 'five'].map((text) => ming.say(text).to());
    assert.deepEqual(
      world.messages().map(({ text }) => text),
      ['three', 'four', 'five'],
    );
    assert.throws(() => {
      world.redeliver(said[0]?.id ?? '');
    }, /too old/);
  });

  it('tells of every message, also the bot’s, until told to stop', async () => {
    const { bot, puppet, world } = await runBot();
    try {
      const heard: string[] = [];
      const stop = world.on('message', ({ text }) => heard.push(text));
      world.contact('Ming').say('ding').to();
      await puppet.messageSendText('wxid_ming', 'dong');
      stop();
      world.contact('Ming').say('unheard').to();
      assert.deepEqual(heard, ['ding', 'dong']);
    } finally {
      await bot.stop();
    }
  });

  it('counts puppet calls', async () => {
    const puppet = await runPuppet();
    const { calls } = puppet.world;
    const { id } = puppet.world.room('Team');
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

  it('stays as it is when the bot starts anew', async () => {
    const first = await runBot();
    await first.puppet.contactAlias('wxid_alice', '爱丽丝');
    await first.bot.stop();
    const { bot, world } = await runBot({ world: first.world });
    assert.equal(world.contact('爱丽丝').name, 'Alice');
    await bot.stop();
  });

  it('delivers nothing any more once the bot has stopped', async () => {
    const puppet = await runPuppet();
    let messages = 0;
    puppet.on('message', () => {
      messages++;
    });
    puppet.world.contact('Ming').say('too late').to();
    await puppet.stop();
    await new Promise(setImmediate);
    assert.equal(messages, 0);
  });

  it('keeps no process alive once the bot has stopped', async () => {
    const script = join(__dirname, 'start-and-stop.ts');
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', script], { timeout: 15_000 });
    const [code] = await next<[number | null]>(child, 'exit');
    assert.equal(code, 0);
  });

  it('says which option cannot be', () => {
    assert.throws(() => new World({ contacts: -1 }), /"contacts" must be a whole number of at least 0/);
    assert.throws(() => new World({ rooms: 1.5 }), /"rooms"/);
    assert.throws(() => new World({ membersPerRoom: 0 }), /"membersPerRoom"/);
    assert.throws(() => new World({ login: 'magic' as 'scan' }), /"login"/);
  });
});
