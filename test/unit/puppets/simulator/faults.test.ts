import assert from 'node:assert/strict';

import type { GError } from 'gerror';

import { PuppetSimulator } from '../../../../src/puppets/simulator';
import { next, runBot, type RunningBot, runPuppet } from './running-bot';

describe('PuppetSimulator: faults', () => {
  let running: RunningBot;

  beforeEach(async () => {
    running = await runBot();
  });

  afterEach(() => running.bot.stop());

  it('rejectAll rejects every call and ignores dings', async () => {
    const { puppet, simulation } = running;
    simulation.faults = { rejectAll: true };
    let dongs = 0;
    puppet.on('dong', () => {
      dongs++;
    });
    puppet.ding('lost');
    await assert.rejects(puppet.contactList(), /fault rejectAll/);
    await assert.rejects(puppet.messageSendText('wxid_ming', 'hi'), /fault rejectAll/);
    simulation.faults = {};
    const dong = next<[{ data: string }]>(puppet, 'dong');
    puppet.ding('found');
    assert.equal((await dong)[0].data, 'found');
    assert.equal(dongs, 1);
  });

  it('rejectSends rejects sends only', async () => {
    const { puppet, simulation } = running;
    simulation.faults = { rejectSends: true };
    await assert.rejects(puppet.messageSendText('wxid_ming', 'hi'), /fault rejectSends/);
    await assert.rejects(puppet.postPublish({ sayableList: [] }), /fault rejectSends/);
    assert.equal((await puppet.contactList()).length, 8);
    assert.deepEqual(simulation.messages(), []);
  });

  it('hangSends never settles and sends nothing', async () => {
    const { puppet, simulation } = running;
    simulation.faults = { hangSends: true };
    let settled = false;
    const settle = () => {
      settled = true;
    };
    puppet.messageSendText('wxid_ming', 'hi').then(settle, settle);
    await puppet.contactList();
    await new Promise(setImmediate);
    assert.equal(settled, false);
    assert.deepEqual(simulation.messages(), []);
  });

  it('noMessageIds sends without an id', async () => {
    const { puppet, simulation } = running;
    simulation.faults = { noMessageIds: true };
    assert.equal(await puppet.messageSendText('wxid_ming', 'hi'), undefined);
    assert.equal(simulation.messages()[0]?.text, 'hi');
  });

  it('malformedPayloads sets all fields but the id to null', async () => {
    const { puppet, simulation } = running;
    simulation.faults = { malformedPayloads: true };
    const message = simulation.contact('Ming').say('ding').to();
    const payload = await puppet.messagePayload(message.id);
    assert.equal(payload.id, message.id);
    assert.equal(payload.text, null);
    assert.equal(payload.type, null);
    assert.equal((await puppet.roomPayload(simulation.room('Team').id)).memberIdList, null);
    assert.equal((await puppet.contactPayload('wxid_alice')).name, null);
  });

  it('noInviter emits an unknown contact id', async () => {
    const { puppet, simulation } = running;
    simulation.faults = { noInviter: true };
    const joined = next<[{ inviterId: string }]>(puppet, 'room-join');
    const left = next<[{ removerId: string }]>(puppet, 'room-leave');
    const renamed = next<[{ changerId: string }]>(puppet, 'room-topic');
    simulation.contact('李雷').join('Team');
    simulation.contact('李雷').leave('Team');
    simulation.contact('Ming').rename('Team', 'Crew');
    const ids = [(await joined)[0].inviterId, (await left)[0].removerId, (await renamed)[0].changerId];
    for (const id of ids) {
      await assert.rejects(puppet.contactPayload(id), /no such contact/);
    }
  });

  it('breakConnection emits an error and rejects all calls until the next start', async () => {
    const { puppet, simulation } = running;
    const failed = next<[{ gerror: string }]>(puppet, 'error');
    simulation.breakConnection('the cable was cut');
    const report = JSON.parse((await failed)[0].gerror) as GError;
    assert.equal(report.message, 'the cable was cut');
    await assert.rejects(puppet.contactList(), /connection lost: the cable was cut/);
    const events: string[] = [];
    puppet.on('message', () => {
      events.push('message');
    });
    puppet.on('dong', () => {
      events.push('dong');
    });
    simulation.contact('Ming').say('anybody?').to();
    puppet.ding();
    await new Promise(setImmediate);
    assert.deepEqual(events, []);

    const again = await runBot({ simulation });
    try {
      const received = next(again.puppet, 'message');
      simulation.contact('Ming').say('ding').to();
      await received;
      assert.equal(simulation.messages({ conversation: 'Ming' }).length, 2);
    } finally {
      await again.bot.stop();
    }
  });

  it('apply from the start when set in the options', async () => {
    const puppet = await runPuppet({ faults: { rejectAll: true } });
    await assert.rejects(puppet.contactList(), /fault rejectAll/);
    await puppet.stop();
  });

  it('latency delays calls, which reject when the puppet stops', async () => {
    const quick = await runPuppet({ latency: 1 });
    assert.equal((await quick.contactList()).length, 8);
    await quick.stop();
    await assert.rejects(quick.contactList(), /was stopped|not logged in|abort/);

    const slow = await runPuppet({ latency: 60_000 });
    const rejected = assert.rejects(slow.contactList(), /abort/);
    await slow.stop();
    await rejected;
  });
});

describe('PuppetSimulator: fault failStart', () => {
  // A failed start of Wechaty's puppet takes five seconds, so this is one test.
  it('fails the given number of starts', async () => {
    const puppet = new PuppetSimulator({ faults: { failStart: 1 } });
    const errors: string[] = [];
    puppet.on('error', ({ gerror }) => {
      errors.push(gerror ?? '');
    });
    await assert.rejects(puppet.start(), /fault failStart/);
    assert.match(errors[0] ?? '', /fault failStart/);
    const ready = next(puppet, 'ready');
    await puppet.start();
    await ready;
    assert.equal(puppet.isLoggedIn, true);
    await puppet.stop();
  });
});
