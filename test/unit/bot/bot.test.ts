import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BotEvent } from '../../../src/bot/events';
import type { ContactView, MessageView } from '../../../src/bot/views';
import { PuppetSimulator } from '../../../src/puppets/simulator/puppet/puppet-simulator';
import { SimulatedBot } from '../../support/simulated-bot';

const shortTimings = { minRetryMs: 20, maxRetryMs: 50 };

function message(event: BotEvent): MessageView {
  return event.message as MessageView;
}

describe('Bot', () => {
  let simulated: SimulatedBot;
  afterEach(async () => {
    await simulated.stop();
  });

  it('emits its events and states in order from start to stop', async () => {
    simulated = await SimulatedBot.start();
    await simulated.nextEvent('ready');
    await simulated.bot.stop();
    const names = simulated.events
      .map(({ event }) => event)
      .filter((name) => !['heartbeat', 'state'].includes(name));
    assert.deepEqual(names, ['puppet', 'start', 'login', 'ready', 'stop']);
    const [login] = simulated.events.filter(({ event }) => event === 'login');
    assert.equal((login?.contact as ContactView).name, 'Bot');
    assert.deepEqual(
      simulated.states.map(({ name }) => name).filter((name, index, all) => name !== all[index - 1]),
      ['starting', 'logged-in', 'ready', 'stopped'],
    );
  });

  it('reads the first message of a room of 500 with at most 5 puppet calls', async () => {
    simulated = await SimulatedBot.start({ simulator: { membersPerRoom: 500 } });
    const { simulation } = simulated;
    const [room] = simulation.rooms();
    assert.ok(room);
    simulation.calls.reset();
    const received = simulated.nextEvent('message');
    simulation.contact('Alice').say('ding').in(room);
    const event = await received;
    assert.equal((event.room as { memberCount: number }).memberCount, 500);
    assert.ok(simulation.calls.total <= 5, `${simulation.calls.total} calls`);
  });

  it('emits a message once when it is delivered three times', async () => {
    simulated = await SimulatedBot.start();
    const { simulation } = simulated;
    const sent = simulation.contact('Alice').say('once').to(simulation.self);
    simulation.redeliver(sent);
    simulation.redeliver(sent);
    simulation.contact('Alice').say('last').to(simulation.self);
    await simulated.nextEvent('message', (event) => message(event).text === 'last');
    const texts = simulated.events
      .filter(({ event }) => event === 'message')
      .map((event) => message(event).text);
    assert.deepEqual(texts, ['once', 'last']);
  });

  it('emits a message once that is delivered again after a restart of the process', async () => {
    simulated = await SimulatedBot.start();
    const { simulation, userDir } = simulated;
    const sent = simulation.contact('Alice').say('once').to(simulation.self);
    await simulated.nextEvent('message');
    await simulated.bot.stop();
    await appendFile(join(simulated.bot.dataDir, 'messages.log'), 'half a line');

    class SamePuppet extends PuppetSimulator {
      constructor(options: object) {
        super({ ...options, simulation });
      }
    }
    const restarted = await SimulatedBot.start({
      settings: { userDir, id: simulated.bot.id },
      dependencies: { puppets: { simulator: () => SamePuppet } },
    });
    simulation.redeliver(sent);
    simulation.contact('Alice').say('last').to(simulation.self);
    await restarted.nextEvent('message', (event) => message(event).text === 'last');
    const texts = restarted.events
      .filter(({ event }) => event === 'message')
      .map((event) => message(event).text);
    assert.deepEqual(texts, ['last']);
    const { mode } = await stat(join(simulated.bot.dataDir, 'messages.log'));
    assert.equal(mode & 0o777, 0o600);
    await restarted.bot.stop();
  });

  it('logs an error thrown by a listener and continues', async () => {
    simulated = await SimulatedBot.start();
    const { bot, simulation } = simulated;
    bot.on('event', () => {
      throw new Error('a flow went wrong');
    });
    const received = simulated.nextEvent('message');
    simulation.contact('Alice').say('still there?').to(simulation.self);
    assert.equal(message(await received).text, 'still there?');
    assert.ok(simulated.log.some((line) => line.includes('a flow went wrong')));
  });

  it('restarts when the connection breaks', async () => {
    simulated = await SimulatedBot.start({
      dependencies: { timings: shortTimings, timeouts: { probe: 30 } },
    });
    const { simulation } = simulated;
    const restarting = simulated.untilState('restarting');
    simulation.breakConnection('cable cut');
    assert.match(String((await restarting).reason.values.error), /cable cut/);
    await simulated.untilState('ready');
    const received = simulated.nextEvent('message');
    simulation.contact('Alice').say('back?').to(simulation.self);
    assert.equal(message(await received).text, 'back?');
  });

  it('stays ready after a puppet error when the puppet answers the ping', async () => {
    simulated = await SimulatedBot.start({ dependencies: { timeouts: { probe: 200 } } });
    const errorEvent = simulated.nextEvent('error');
    const answered = new Promise<unknown>((resolve) => {
      simulated.bot.account().puppet.once('dong', resolve);
    });
    simulated.puppetError('a hiccup');
    assert.match(String((await errorEvent).message), /a hiccup/);
    await answered;
    assert.equal(simulated.bot.state.name, 'ready');
  });

  it('retries when starting the puppet fails or hangs', async () => {
    simulated = await SimulatedBot.start({
      simulator: { faults: { failStart: 2 } },
      dependencies: { timings: shortTimings, timeouts: { stop: 30 } },
    });
    assert.equal(simulated.states.filter(({ name }) => name === 'restarting').length, 2);
    await simulated.stop();

    simulated = await SimulatedBot.create({
      simulator: { faults: { hangStart: true } },
      dependencies: { timings: shortTimings, timeouts: { start: 30, stop: 30 } },
    });
    simulated.bot.start();
    const state = await simulated.untilState('restarting');
    assert.equal(state.reason.cause?.key, 'startTimeout');
    simulated.simulation.faults = {};
    await simulated.untilState('ready');
  });

  it('emits messages with malformed payloads, and error events for unreadable ones', async () => {
    simulated = await SimulatedBot.start();
    const { simulation } = simulated;
    simulation.faults = { malformedPayloads: true };
    const received = simulated.nextEvent('message');
    simulation.contact('Alice').say('hi').to(simulation.self);
    assert.equal(message(await received).type, 'Unknown');
    simulation.faults = { rejectAll: true };
    const errorEvent = simulated.nextEvent('error', (event) =>
      String(event.message).includes('could not be read'),
    );
    simulation.contact('Alice').say('unreadable').to(simulation.self);
    await errorEvent;
    simulation.faults = {};
    const again = simulated.nextEvent('message', (event) => message(event).text === 'fine again');
    simulation.contact('Alice').say('fine again').to(simulation.self);
    await again;
  });

  it('emits room-join and room-leave with an unknown inviter', async () => {
    simulated = await SimulatedBot.start({ simulator: { faults: { noInviter: true } } });
    const { simulation } = simulated;
    const [room] = simulation.rooms();
    const newcomer = simulation.contacts().find((contact) => !room?.memberIds.includes(contact.id));
    assert.ok(room && newcomer);
    const joined = simulated.nextEvent('room-join');
    newcomer.join(room);
    const event = await joined;
    assert.deepEqual(
      (event.inviteeList as ContactView[]).map(({ id }) => id),
      [newcomer.id],
    );
    const left = simulated.nextEvent('room-leave');
    newcomer.leave(room);
    await left;
    assert.equal(simulated.bot.state.name, 'ready');
  });

  describe('login by QR code', () => {
    const scanLogin = { simulator: { login: 'scan' as const } };

    it('shows the code, logs in, and restores the session without a code', async () => {
      simulated = await SimulatedBot.create(scanLogin);
      const { bot, userDir } = simulated;
      bot.start();
      await simulated.untilState('scanning');
      assert.match(bot.qrCode?.url ?? '', /^https:\/\/login\.weixin\.qq\.com\//);
      await simulated.simulation.scan();
      await simulated.untilState('ready');
      assert.equal(bot.qrCode, undefined);
      const file = join(bot.dataDir, 'session.json');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      await bot.stop();

      const later = await SimulatedBot.create({ ...scanLogin, settings: { id: bot.id, userDir } });
      later.bot.start();
      await later.untilState('ready');
      assert.ok(!later.states.some(({ name }) => name === 'scanning'));
      await later.stop();
    });

    it('quarantines a corrupt session file, emits an error, and shows a QR code', async () => {
      simulated = await SimulatedBot.create(scanLogin);
      const { bot } = simulated;
      bot.start();
      await simulated.untilState('scanning');
      await simulated.simulation.scan();
      await simulated.untilState('ready');
      await bot.stop();
      await writeFile(join(bot.dataDir, 'session.json'), '{"half of a s');
      simulated.simulation.contact('Alice');
      const errorEvent = simulated.nextEvent('error');
      bot.start();
      assert.match(String((await errorEvent).message), /kept aside/);
      await simulated.untilState('scanning');
      const quarantined = (await readdir(bot.dataDir)).find((name) => name.includes('corrupt'));
      assert.equal(await readFile(join(bot.dataDir, quarantined ?? ''), 'utf8'), '{"half of a s');
    });

    it('times out an unscanned code, and shows one again after login()', async () => {
      simulated = await SimulatedBot.create({
        ...scanLogin,
        dependencies: { timings: { scanTimeoutMs: 50 } },
      });
      simulated.bot.start();
      const state = await simulated.untilState('login-required');
      assert.equal(state.reason.key, 'qrExpired');
      simulated.bot.login();
      await simulated.untilState('scanning');
    });

    it('requires a login after a logout on the phone', async () => {
      simulated = await SimulatedBot.create(scanLogin);
      simulated.bot.start();
      await simulated.untilState('scanning');
      await simulated.simulation.scan();
      await simulated.untilState('ready');
      const out = simulated.nextEvent('logout');
      await simulated.simulation.phoneLogout();
      assert.equal((await out).reason, 'logged out on the phone');
      assert.throws(() => simulated.bot.account(), { code: 'NOT_LOGGED_IN' });
      simulated.bot.login();
      await simulated.untilState('scanning');
    });

    it('redacts the QR code and the token', async () => {
      const token = 'puppet_secret_token';
      simulated = await SimulatedBot.create({ ...scanLogin, settings: { token } });
      const { bot } = simulated;
      bot.start();
      await simulated.untilState('scanning');
      const errorEvent = simulated.nextEvent('error');
      simulated.puppetError(`bad token ${token} for ${bot.qrCode?.url ?? ''}`);
      assert.equal((await errorEvent).message, 'bad token *** for ***');
      assert.ok(!simulated.log.join().includes(token));
    });
  });

  describe('invalid settings', () => {
    async function failure(settings: object): Promise<string> {
      simulated = await SimulatedBot.create({ settings });
      simulated.bot.start();
      return String((await simulated.untilState('failed')).reason.values.error);
    }

    it('fails with the npm command for a missing puppet', async () => {
      const message = await failure({ puppet: 'wechaty-puppet-nobody' });
      assert.ok(message.includes(`npm install --prefix ${simulated.userDir} wechaty-puppet-nobody`), message);
    });

    it('rejects an invalid package name, and a package that is not a puppet', async () => {
      assert.match(await failure({ puppet: '../../evil' }), /not a puppet's name/);
      await simulated.stop();
      assert.match(await failure({ puppet: 'typebox' }), /not a Wechaty puppet/);
    });

    it('rejects options that are not a JSON object', async () => {
      assert.match(await failure({ options: '{"login": ' }), /not a JSON object/);
      await simulated.stop();
      assert.match(await failure({ options: '[1]' }), /in braces/);
    });

    it('rejects a second bot with the same session or token', async () => {
      simulated = await SimulatedBot.start({ settings: { name: 'First', token: 'one' } });
      const { userDir } = simulated;
      const sameSession = await SimulatedBot.create({ settings: { id: simulated.bot.id, userDir } });
      sameSession.bot.start();
      const state = await sameSession.untilState('failed');
      assert.match(String(state.reason.values.error), /session .* already in use by the bot First/);

      const sameToken = await SimulatedBot.create({ settings: { token: 'one' } });
      sameToken.bot.start();
      assert.match(
        String((await sameToken.untilState('failed')).reason.values.error),
        /token .* the bot First/,
      );
      assert.equal(simulated.bot.state.name, 'ready');

      await simulated.bot.stop();
      sameToken.bot.start();
      await sameToken.untilState('ready');
      await sameToken.stop();
      await rm(userDir, { recursive: true, force: true });
    });
  });
});
