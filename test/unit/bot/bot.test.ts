import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BotEvent } from '../../../src/bot/events';
import type { ContactView, MessageView } from '../../../src/bot/views';
import { SimulatedBot } from '../../support/simulated-bot';

const quick = { firstRetry: 20, longestRetry: 50 };

function message(event: BotEvent): MessageView {
  return event.message as MessageView;
}

describe('a bot', () => {
  let simulated: SimulatedBot;
  afterEach(async () => {
    await simulated.end();
  });

  it('tells of what happens, in order, from start to stop', async () => {
    simulated = await SimulatedBot.start();
    await simulated.next('ready');
    await simulated.bot.stop();
    const names = simulated.events.map(({ event }) => event).filter((name) => name !== 'heartbeat');
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
    const { world } = simulated;
    const [room] = world.rooms();
    assert.ok(room);
    world.calls.reset();
    const heard = simulated.next('message');
    world.contact('Alice').say('ding').in(room);
    const event = await heard;
    assert.equal((event.room as { memberCount: number }).memberCount, 500);
    assert.ok(world.calls.total <= 5, `${world.calls.total} calls`);
  });

  it('delivers a message once, however often WeChat does', async () => {
    simulated = await SimulatedBot.start();
    const { world } = simulated;
    const said = world.contact('Alice').say('once').to(world.self);
    world.redeliver(said);
    world.redeliver(said);
    world.contact('Alice').say('last').to(world.self);
    await simulated.next('message', (event) => message(event).text === 'last');
    const texts = simulated.events
      .filter(({ event }) => event === 'message')
      .map((event) => message(event).text);
    assert.deepEqual(texts, ['once', 'last']);
  });

  it('goes on when a listener throws', async () => {
    simulated = await SimulatedBot.start();
    const { bot, world } = simulated;
    bot.on('event', () => {
      throw new Error('a flow went wrong');
    });
    const heard = simulated.next('message');
    world.contact('Alice').say('still there?').to(world.self);
    assert.equal(message(await heard).text, 'still there?');
    assert.ok(simulated.log.some((line) => line.includes('a flow went wrong')));
  });

  it('comes back by itself when the connection breaks', async () => {
    simulated = await SimulatedBot.start({ parts: { times: quick, deadlines: { probe: 30 } } });
    const { world } = simulated;
    const restarting = simulated.state('restarting');
    world.breakConnection('cable cut');
    assert.match(String((await restarting).reason.values.error), /cable cut/);
    await simulated.state('ready');
    const heard = simulated.next('message');
    world.contact('Alice').say('back?').to(world.self);
    assert.equal(message(await heard).text, 'back?');
  });

  it('takes no harm from an error after which the puppet still answers', async () => {
    simulated = await SimulatedBot.start({ parts: { deadlines: { probe: 200 } } });
    const told = simulated.next('error');
    const answered = new Promise<unknown>((resolve) => {
      simulated.bot.account().puppet.once('dong', resolve);
    });
    simulated.puppetError('a hiccup');
    assert.match(String((await told).message), /a hiccup/);
    await answered;
    assert.equal(simulated.bot.state.name, 'ready');
  });

  it('tries again when the puppet does not start, or hangs', async () => {
    simulated = await SimulatedBot.start({
      simulator: { faults: { failStart: 2 } },
      parts: { times: quick, deadlines: { stop: 30 } },
    });
    assert.equal(simulated.states.filter(({ name }) => name === 'restarting').length, 2);
    await simulated.end();

    simulated = await SimulatedBot.make({
      simulator: { faults: { hangStart: true } },
      parts: { times: quick, deadlines: { start: 30, stop: 30 } },
    });
    simulated.bot.start();
    const state = await simulated.state('restarting');
    assert.equal(state.reason.cause?.key, 'startTimeout');
    simulated.world.faults = {};
    await simulated.state('ready');
  });

  it('delivers what it can of damaged payloads, and tells of the rest', async () => {
    simulated = await SimulatedBot.start();
    const { world } = simulated;
    world.faults = { malformedPayloads: true };
    const heard = simulated.next('message');
    world.contact('Alice').say('hi').to(world.self);
    assert.equal(message(await heard).type, 'Unknown');
    world.faults = { rejectAll: true };
    const told = simulated.next('error', (event) => String(event.message).includes('could not be read'));
    world.contact('Alice').say('unreadable').to(world.self);
    await told;
    world.faults = {};
    const again = simulated.next('message', (event) => message(event).text === 'fine again');
    world.contact('Alice').say('fine again').to(world.self);
    await again;
  });

  it('tells of people in rooms even when nobody knows who invited them', async () => {
    simulated = await SimulatedBot.start({ simulator: { faults: { noInviter: true } } });
    const { world } = simulated;
    const [room] = world.rooms();
    const stranger = world.contacts().find((one) => !room?.memberIds.includes(one.id));
    assert.ok(room && stranger);
    const joined = simulated.next('room-join');
    stranger.join(room);
    const event = await joined;
    assert.deepEqual(
      (event.inviteeList as ContactView[]).map(({ id }) => id),
      [stranger.id],
    );
    const left = simulated.next('room-leave');
    stranger.leave(room);
    await left;
    assert.equal(simulated.bot.state.name, 'ready');
  });

  describe('with a login by QR code', () => {
    const scanLogin = { simulator: { login: 'scan' as const } };

    it('shows the code, logs in, and needs no code again', async () => {
      simulated = await SimulatedBot.make(scanLogin);
      const { bot, userDir } = simulated;
      bot.start();
      await simulated.state('scanning');
      assert.match(bot.qrCode?.url ?? '', /^https:\/\/login\.weixin\.qq\.com\//);
      await simulated.world.scan();
      await simulated.state('ready');
      assert.equal(bot.qrCode, undefined);
      const file = join(bot.directory, 'session.json');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      await bot.stop();

      const later = await SimulatedBot.make({ ...scanLogin, settings: { id: bot.id, userDir } });
      later.bot.start();
      await later.state('ready');
      assert.ok(!later.states.some(({ name }) => name === 'scanning'));
      await later.end();
    });

    it('keeps a damaged session aside, says so, and asks for a login', async () => {
      simulated = await SimulatedBot.make(scanLogin);
      const { bot } = simulated;
      bot.start();
      await simulated.state('scanning');
      await simulated.world.scan();
      await simulated.state('ready');
      await bot.stop();
      await writeFile(join(bot.directory, 'session.json'), '{"half of a s');
      simulated.world.contact('Alice');
      const told = simulated.next('error');
      bot.start();
      assert.match(String((await told).message), /kept aside/);
      await simulated.state('scanning');
      const aside = (await readdir(bot.directory)).find((name) => name.includes('corrupt'));
      assert.equal(await readFile(join(bot.directory, aside ?? ''), 'utf8'), '{"half of a s');
    });

    it('gives a code up that nobody scans, and shows one when asked again', async () => {
      simulated = await SimulatedBot.make({ ...scanLogin, parts: { times: { scan: 50 } } });
      simulated.bot.start();
      const state = await simulated.state('login-required');
      assert.equal(state.reason.key, 'qrExpired');
      simulated.bot.login();
      await simulated.state('scanning');
    });

    it('asks for a login after the phone logged it out', async () => {
      simulated = await SimulatedBot.make(scanLogin);
      simulated.bot.start();
      await simulated.state('scanning');
      await simulated.world.scan();
      await simulated.state('ready');
      const out = simulated.next('logout');
      await simulated.world.phoneLogout();
      assert.equal((await out).reason, 'logged out on the phone');
      assert.throws(() => simulated.bot.account(), { code: 'NOT_LOGGED_IN' });
      simulated.bot.login();
      await simulated.state('scanning');
    });

    it('never says the code or the token', async () => {
      const token = 'puppet_secret_token';
      simulated = await SimulatedBot.make({ ...scanLogin, settings: { token } });
      const { bot } = simulated;
      bot.start();
      await simulated.state('scanning');
      const told = simulated.next('error');
      simulated.puppetError(`bad token ${token} for ${bot.qrCode?.url ?? ''}`);
      assert.equal((await told).message, 'bad token *** for ***');
      assert.ok(!simulated.log.join().includes(token));
    });
  });

  describe('with settings that cannot work', () => {
    async function failure(settings: object): Promise<string> {
      simulated = await SimulatedBot.make({ settings });
      simulated.bot.start();
      return String((await simulated.state('failed')).reason.values.error);
    }

    it('says how to install a puppet that is missing', async () => {
      const sentence = await failure({ puppet: 'wechaty-puppet-nobody' });
      assert.ok(
        sentence.includes(`npm install --prefix ${simulated.userDir} wechaty-puppet-nobody`),
        sentence,
      );
    });

    it('refuses a name that is no package, and a package that is no puppet', async () => {
      assert.match(await failure({ puppet: '../../evil' }), /not a puppet's name/);
      await simulated.end();
      assert.match(await failure({ puppet: 'typebox' }), /not a Wechaty puppet/);
    });

    it('refuses options that are no JSON object or no options of the puppet', async () => {
      assert.match(await failure({ options: '{"login": ' }), /not a JSON object/);
      await simulated.end();
      assert.match(await failure({ options: '[1]' }), /in braces/);
    });

    it('refuses a second bot with the same session or the same token', async () => {
      simulated = await SimulatedBot.start({ settings: { name: 'First', token: 'one' } });
      const { userDir } = simulated;
      const sameSession = await SimulatedBot.make({ settings: { id: simulated.bot.id, userDir } });
      sameSession.bot.start();
      const state = await sameSession.state('failed');
      assert.match(String(state.reason.values.error), /session .* already in use by the bot First/);

      const sameToken = await SimulatedBot.make({ settings: { token: 'one' } });
      sameToken.bot.start();
      assert.match(String((await sameToken.state('failed')).reason.values.error), /token .* the bot First/);
      assert.equal(simulated.bot.state.name, 'ready');

      await simulated.bot.stop();
      sameToken.bot.start();
      await sameToken.state('ready');
      await sameToken.end();
      await rm(userDir, { recursive: true, force: true });
    });
  });
});
