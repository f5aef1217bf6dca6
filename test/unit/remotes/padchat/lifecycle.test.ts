import assert from 'node:assert/strict';
import { decode } from 'jpeg-js';
import { type Fields, FrameClient, Setting } from './fixture';

describe('the life of a PadChat session', () => {
  let setting: Setting;
  const clients: FrameClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.end();
    await setting.end();
  });

  async function ofA(): Promise<FrameClient> {
    const client = await FrameClient.authenticated(setting.url);
    clients.push(client);
    return client;
  }

  async function ofC(): Promise<FrameClient> {
    const client = await FrameClient.connect(`${setting.url}/key`);
    clients.push(client);
    return client;
  }

  const eventsOf = ({ frames }: FrameClient): string[] =>
    frames.all.flatMap(({ event }) => (event === undefined || event === 'cmdRet' ? [] : [event]));

  it('shows A a JPEG and C an address, tells what happens to them, and nothing to who did not ask', async () => {
    setting = await Setting.start({}, {}, { simulator: { login: 'scan' } });
    const [old, modern, onlooker] = [await ofA(), await ofC(), await ofA()];
    const { data } = await old.call('connect', { deviceName: 'my iPad' });
    assert.equal(data?.Logined, false);
    assert.equal((await old.call('login', { loginType: 'qrcode' })).success, true);
    assert.equal((await modern.cmd('login', { loginType: 'qrcode' })).success, true);
    const picture = Buffer.from(String((await old.event('qrcode')).data?.QrCode), 'base64');
    const { width, height } = decode(picture);
    assert.ok(width > 100 && width === height);
    const { bot, world } = setting.simulated;
    assert.equal((await modern.event('qrcode')).payload?.url, bot.qrCode?.url);
    world.expireQrCode();
    assert.equal((await old.event('scan', (frame) => frame.data?.Status === 3)).data?.SubStatus, 0);
    await modern.event('qrcode', ({ payload }) => payload?.url === bot.qrCode?.url);
    await world.scan();
    for (const status of [1, 2]) await old.event('scan', (frame) => frame.data?.Status === status);
    await modern.event('scan', ({ payload }) => payload?.status === 2);
    await old.event('login');
    await old.event('loaded');
    await modern.event('login');
    await onlooker.event('login');
    assert.deepEqual(
      eventsOf(onlooker).filter((name) => name === 'qrcode' || name === 'scan'),
      [],
    );
    assert.doesNotMatch(JSON.stringify([setting.handled, setting.log]), /weixin\.qq\.com|qrcode:/);
  });

  it('gives back the device a client named, and otherwise one that stays the same', async () => {
    setting = await Setting.start();
    const [one, other] = [await ofA(), await ofC()];
    await one.call('connect', { deviceName: 'my iPad', deviceUuid: null });
    const named = (await one.call('getDeviceInfo')).data ?? {};
    assert.equal(named.DeviceName, 'my iPad');
    const made = (await other.cmd('getWxData')).data as Fields;
    assert.equal(made.wx_data, named.DeviceData);
    await one.call('login', { loginType: 'qrcode', deviceData: 'mine' });
    assert.equal((await one.call('getDeviceInfo')).data?.DeviceData, 'mine');
    const tokens = [
      (await one.call('getAutoLoginData')).data?.Token,
      ((await other.cmd('getLoginToken')).data as Fields).token,
    ];
    assert.ok(tokens[0] && tokens[0] === tokens[1]);
  });

  it('tells A that it was logged in before, and sends contacts when asked', async () => {
    setting = await Setting.start();
    const client = await ofA();
    assert.equal((await client.call('connect')).data?.Logined, true);
    await client.event('reconnect');
    await client.call('syncContact');
    await client.event('loaded');
    assert.deepEqual(eventsOf(client), ['reconnect', 'push', 'loaded']);
  });

  it('tells of a restart as a new login that nobody had to scan for', async () => {
    setting = await Setting.start();
    const [old, modern] = [await ofA(), await ofC()];
    const { bot } = setting.simulated;
    await bot.stop();
    assert.equal((await old.event('disconnect')).success, true);
    await modern.event('over');
    assert.match(
      String((await old.call('sendMsg', { toUserName: 'wxid_ming', content: 'x' })).msg),
      /not logged in/,
    );
    bot.start();
    await old.event('reconnect');
    await modern.event('autoLogin');
    await setting.simulated.state('ready');
    assert.equal((await old.call('sendMsg', { toUserName: 'wxid_ming', content: 'x' })).success, true);
  });

  it('logs out, tells why, and what went wrong', async () => {
    setting = await Setting.start();
    const [old, modern] = [await ofA(), await ofC()];
    setting.simulated.puppetError('the network hiccups');
    const error = await old.event('error');
    assert.ok(error.success === false && String(error.msg).includes('hiccups'));
    assert.match(String((await modern.event('warn')).payload?.error), /hiccups/);
    assert.equal((await old.call('logout')).success, true);
    await old.event('logout');
    assert.equal(typeof (await modern.event('logout')).payload?.msg, 'string');
    assert.equal((await old.call('status')).data?.Logined, false);
  });

  it('says goodbye to a client that closes its session, which then hears nothing until it says hello', async () => {
    setting = await Setting.start();
    const [client, other] = [await ofA(), await ofA()];
    await client.call('disconnect');
    await client.event('disconnect');
    const ming = setting.world.contact('Ming');
    ming.say('unheard').to();
    await other.event('push');
    await client.call('connect');
    await client.event('reconnect');
    ming.say('heard').to();
    await client.pushed(({ Content }) => Content === 'heard');
    assert.doesNotMatch(JSON.stringify(client.frames.all), /unheard/);
  });

  it('refuses logins that need more than a phone', async () => {
    setting = await Setting.start();
    const client = await ofA();
    for (const loginType of ['user', 'phone', 'fingerprint']) {
      const { success, data } = await client.call('login', { loginType, username: 'x', password: 'geheim' });
      assert.deepEqual([success, data?.Status], [false, -19]);
    }
    assert.doesNotMatch(JSON.stringify(setting.handled), /geheim/);
  });

  it('answers older clients of C in the field they know', async () => {
    setting = await Setting.start();
    const client = await ofC();
    const told = (await client.cmd('getMyInfo', {}, 'data')).data as Fields;
    assert.equal(told.user_name, 'wxid_bot');
    setting.world.contact('Ming').say('hi').to();
    const { data, payload } = await client.event('push');
    assert.ok(payload === undefined && Array.isArray(data?.list));
  });
});
