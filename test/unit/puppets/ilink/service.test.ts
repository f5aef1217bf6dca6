/** Behaviours of the fake service that no other test of it needs. */
import assert from 'node:assert/strict';
import { IlinkBotFixture } from '../../../support/ilink-bot';
import { IlinkService } from '../../../support/ilink-service/service';

describe('the fake iLink service', function () {
  this.timeout(30_000);
  let service: IlinkService;
  beforeEach(async () => {
    service = await IlinkService.start();
  });
  afterEach(() => service.stop());

  const call = (path: string, headers: Record<string, string>, body: object): Promise<Response> =>
    fetch(`${service.baseUrl}/ilink/bot/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const headers = {
    'content-type': 'application/json',
    AuthorizationType: 'ilink_bot_token',
    'X-WECHAT-UIN': Buffer.from('1').toString('base64'),
    'iLink-App-Id': 'bot',
    'iLink-App-ClientVersion': '132105',
  };

  for (const [what, changes] of [
    ['another App-Id', { 'iLink-App-Id': 'x' }],
    ['no client version', { 'iLink-App-ClientVersion': '' }],
    ['no authorization type', { AuthorizationType: '' }],
    ['a UIN that is no number', { 'X-WECHAT-UIN': 'eA==' }],
    ['a token', { Authorization: 'Bearer x' }],
  ] as const) {
    it(`refuses a QR code for a request with ${what}`, async () => {
      const path = 'get_bot_qrcode?bot_type=3';
      const { status } = await call(path, { ...headers, ...changes }, { local_token_list: [] });
      assert.equal(status, 400);
      assert.equal(service.violations.length, 1);
    });
  }

  it('refuses a UIN that was used before', async () => {
    const ask = (): Promise<Response> => call('get_bot_qrcode?bot_type=3', headers, { local_token_list: [] });
    assert.deepEqual([(await ask()).status, (await ask()).status], [200, 400]);
  });

  it('refuses calls without base_info', async () => {
    assert.equal((await call('getupdates', headers, { get_updates_buf: '' })).status, 400);
  });

  it('has no uploads by PUT', async () => {
    const { status } = await fetch(`${service.cdnUrl}/upload`, { method: 'PUT', body: 'x' });
    assert.equal(status, 404);
  });

  it('delivers later, if it is told to', async () => {
    const ming = service.person('Ming');
    const fixture = await IlinkBotFixture.login(service, ming);
    ming.say('hello');
    await fixture.texts(1);
    service.deliveryDelayMs = 60_000;
    await fixture.run('contactSay', { contacts: ming.userId, messagePayload: 'late' });
    assert.deepEqual(ming.texts, []);
    service.clock.advance(60_000);
    assert.deepEqual(ming.texts, ['late']);
    await fixture.remove();
  });

  it('does not let phones scan the codes of outdated clients', async () => {
    const fixture = await IlinkBotFixture.start(service, { puppet: { clientVersion: '2.4.8' } });
    service.minClientVersion = (2 << 16) | (4 << 8) | 9;
    const { url } = await service.nextCode();
    assert.throws(() => service.person('Ming').scan(url), /upgrade/);
    await fixture.remove();
  });
});
