import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { IlinkBotFixture } from '../../../support/ilink-bot';
import { IlinkService } from '../../../support/ilink-service/service';

describe('ilink: login', function () {
  this.timeout(60_000);
  let service: IlinkService;
  let fixture: IlinkBotFixture | undefined;

  beforeEach(async () => {
    service = await IlinkService.start();
  });
  afterEach(async () => {
    await fixture?.remove();
    fixture = undefined;
    await service.stop();
    assert.deepEqual(service.violations, []);
  });

  it('shows a QR code, and is ready when a phone has confirmed it', async () => {
    fixture = await IlinkBotFixture.start(service);
    await fixture.until('scanning', 'scanQr');
    const [code] = service.openCodes;
    assert.equal(fixture.bot.qrCode?.url, code?.url);
    const ming = service.person('Ming');
    const scanned = ming.scan(code?.url ?? '');
    await fixture.until('scanning', 'confirmOnPhone');
    ming.confirm(scanned);
    const { user } = await fixture.until('ready');
    assert.equal(user?.id, ming.bot.id);
    assert.deepEqual(await fixture.run('contactFindAll', {}), [
      {
        id: ming.userId,
        name: ming.userId.slice(0, 10),
        alias: '',
        friend: true,
        type: 'Individual',
        gender: 'Unknown',
      },
    ]);
  });

  it('asks for the digits of the phone, again when they are wrong', async () => {
    fixture = await IlinkBotFixture.start(service);
    const ming = service.person('Ming');
    const code = ming.scan((await service.nextCode()).url, { digits: '4711' });
    await fixture.until('scanning', 'typeDigits');
    assert.equal(fixture.bot.submitVerifyCode('1234'), true);
    await fixture.until('scanning', 'digitsWrong');
    fixture.bot.submitVerifyCode('4711');
    await fixture.until('scanning', 'confirmOnPhone');
    ming.confirm(code);
    await fixture.until('ready');
  });

  it('refuses digits that nobody asks for', async () => {
    fixture = await IlinkBotFixture.start(service);
    await fixture.until('scanning');
    assert.equal(fixture.bot.submitVerifyCode('1234'), false);
  });

  it('shows a new QR code after too many wrong digits', async () => {
    fixture = await IlinkBotFixture.start(service);
    const first = await service.nextCode();
    service.person('Ming').scan(first.url, { digits: '4711' });
    await fixture.until('scanning', 'typeDigits');
    for (const digits of ['1', '2']) {
      const asksAgain = fixture.enters('scanning', 'digitsWrong');
      fixture.bot.submitVerifyCode(digits);
      await asksAgain;
    }
    fixture.bot.submitVerifyCode('3');
    const second = await service.nextCode();
    assert.notEqual(second.url, first.url);
    await fixture.until('scanning', 'scanQr');
    assert.equal(fixture.bot.qrCode?.url, second.url);
  });

  it('shows a new QR code when one has expired', async () => {
    fixture = await IlinkBotFixture.start(service);
    const first = await service.nextCode();
    service.clock.advance(121_000);
    const second = await service.nextCode();
    assert.notEqual(second.url, first.url);
    service.person('Ming').scanAndConfirm(second.url);
    await fixture.until('ready');
  });

  it('goes on at the host to which the login is redirected', async () => {
    fixture = await IlinkBotFixture.start(service);
    const ming = service.person('Ming');
    const { redirectHost } = service;
    const code = ming.scan((await service.nextCode()).url, { redirectHost });
    await fixture.until('scanning', 'confirmOnPhone');
    ming.confirm(code);
    await fixture.until('ready');
  });

  for (const [what, attack] of [
    ['a login host', { redirectHost: 'evil.example' }],
    ['an address of the API', { baseUrl: 'https://evil.example' }],
  ] as const) {
    it(`refuses ${what} outside the configured domains`, async () => {
      fixture = await IlinkBotFixture.start(service);
      const ming = service.person('Ming');
      if ('baseUrl' in attack) service.baseUrlForBots = attack.baseUrl;
      const redirect = 'redirectHost' in attack ? attack : {};
      ming.confirm(ming.scan((await service.nextCode()).url, redirect));
      const { message } = await fixture.next('error');
      assert.match(String(message), /outside the configured domains: evil\.example/);
    });
  }

  it('keeps the login across restarts, in a file that only its owner can read', async () => {
    const ming = service.person('Ming');
    const first = await IlinkBotFixture.login(service, ming);
    await first.stop();
    const file = join(first.dataDir, 'bindings.json');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(file, 'utf8'), new RegExp(ming.bot.token));
    fixture = await IlinkBotFixture.start(service, { dataDir: first.dataDir });
    const { user } = await fixture.until('ready');
    assert.equal(user?.id, ming.bot.id);
    assert.equal(service.calls.filter((name) => name === 'get_bot_qrcode').length, 1);
  });

  it('logs out and shows a QR code when the token is dead, and does not try it again', async () => {
    const ming = service.person('Ming');
    fixture = await IlinkBotFixture.login(service, ming);
    service.kill(ming.bot);
    const { message } = await fixture.next('error');
    assert.match(String(message), /scan the QR code again/);
    await fixture.next('logout');
    const code = await service.nextCode();
    const polls = service.calls.filter((name) => name === 'getupdates').length;
    ming.scanAndConfirm(code.url);
    await fixture.until('ready');
    ming.say('back');
    assert.deepEqual(await fixture.texts(1), ['back']);
    assert.ok(service.calls.filter((name) => name === 'getupdates').length <= polls + 2);
  });

  it('forgets the login at a logout', async () => {
    const ming = service.person('Ming');
    fixture = await IlinkBotFixture.login(service, ming);
    await fixture.bot.logout();
    await fixture.until('scanning');
    assert.doesNotMatch(readFileSync(join(fixture.dataDir, 'bindings.json'), 'utf8'), /token/);
  });

  it('restarts with the reason while the network is away, and receives again after that', async () => {
    const ming = service.person('Ming');
    const dependencies = { timings: { minRetryMs: 50, maxRetryMs: 200 }, timeouts: { probe: 100 } };
    fixture = await IlinkBotFixture.login(service, ming, { dependencies });
    await service.cut();
    const { reason } = await fixture.until('restarting');
    assert.match(String(reason.values.error), /ECONNREFUSED|socket hang up|ECONNRESET/);
    await service.resume();
    await fixture.until('ready');
    ming.say('still there?');
    assert.deepEqual(await fixture.texts(1), ['still there?']);
    assert.equal(ming.bot.maxPolls, 1);
  });

  it('says what is wrong with an option', async () => {
    fixture = await IlinkBotFixture.start(service, { puppet: { baseUrl: 'http://example.com' } });
    const { reason } = await fixture.until('failed');
    assert.match(String(reason.values.error), /option baseUrl must be an https URL/);
  });
});
