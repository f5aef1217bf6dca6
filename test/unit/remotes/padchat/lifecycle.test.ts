import assert from 'node:assert/strict';
import { decode } from 'jpeg-js';
import { type Fields, FrameClient, PadchatFixture } from './fixture';

describe('ClientSession', () => {
  let fixture: PadchatFixture;
  const clients: FrameClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await fixture.stop();
  });

  async function connectA(): Promise<FrameClient> {
    const client = await FrameClient.authenticated(fixture.url);
    clients.push(client);
    return client;
  }

  async function connectC(): Promise<FrameClient> {
    const client = await FrameClient.connect(`${fixture.url}/key`);
    clients.push(client);
    return client;
  }

  const eventsOf = ({ frames }: FrameClient): string[] =>
    frames.all.flatMap(({ event }) => (event === undefined || event === 'cmdRet' ? [] : [event]));

  it('sends QR codes (JPEG in A, URL in C) and scan events only to clients that requested a login', async () => {
    fixture = await PadchatFixture.start({}, {}, { simulator: { login: 'scan' } });
    const [clientA, clientC, idleClient] = [await connectA(), await connectC(), await connectA()];
    const { data } = await clientA.call('connect', { deviceName: 'my iPad' });
    assert.equal(data?.Logined, false);
    assert.equal((await clientA.call('login', { loginType: 'qrcode' })).success, true);
    assert.equal((await clientC.cmd('login', { loginType: 'qrcode' })).success, true);
    const picture = Buffer.from(String((await clientA.nextEvent('qrcode')).data?.QrCode), 'base64');
    const { width, height } = decode(picture);
    assert.ok(width > 100 && width === height);
    const { bot, simulation } = fixture.simulated;
    assert.equal((await clientC.nextEvent('qrcode')).payload?.url, bot.qrCode?.url);
    simulation.expireQrCode();
    assert.equal((await clientA.nextEvent('scan', (frame) => frame.data?.Status === 3)).data?.SubStatus, 0);
    await clientC.nextEvent('qrcode', ({ payload }) => payload?.url === bot.qrCode?.url);
    await simulation.scan();
    await clientA.nextEvent('scan', (frame) => frame.data?.Status === 1);
    const { data: scan = {} } = await clientA.nextEvent('scan', (frame) => frame.data?.Status === 2);
    const { contactId: userName, name: nickName } = {
      contactId: simulation.self.id,
      name: simulation.self.name,
    };
    assert.deepEqual([scan.UserName, scan.NickName], [userName, nickName]);
    const { payload } = await clientC.nextEvent('scan', (frame) => frame.payload?.status === 2);
    const uin = ((await clientC.cmd('getMyInfo')).data as Fields).uin;
    assert.deepEqual([payload?.user_name, payload?.nick_name, payload?.uin], [userName, nickName, uin]);
    await clientA.nextEvent('login');
    await clientA.nextEvent('loaded');
    await clientC.nextEvent('login');
    await idleClient.nextEvent('login');
    assert.deepEqual(
      eventsOf(idleClient).filter((name) => name === 'qrcode' || name === 'scan'),
      [],
    );
    assert.doesNotMatch(JSON.stringify([fixture.auditRecords, fixture.log]), /weixin\.qq\.com|qrcode:/);
  });

  it('returns the device a client sent, otherwise a stable default', async () => {
    fixture = await PadchatFixture.start();
    const [one, other] = [await connectA(), await connectC()];
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

  it('notifies A of an existing login and sends contacts on request', async () => {
    fixture = await PadchatFixture.start();
    const client = await connectA();
    assert.equal((await client.call('connect')).data?.Logined, true);
    await client.nextEvent('reconnect');
    await client.call('syncContact');
    await client.nextEvent('loaded');
    assert.deepEqual(eventsOf(client), ['reconnect', 'push', 'loaded']);
  });

  it('reports a restart of the bot as a relogin', async () => {
    fixture = await PadchatFixture.start();
    const [clientA, clientC] = [await connectA(), await connectC()];
    const { bot } = fixture.simulated;
    await bot.stop();
    assert.equal((await clientA.nextEvent('disconnect')).success, true);
    await clientC.nextEvent('over');
    assert.match(
      String((await clientA.call('sendMsg', { toUserName: 'wxid_ming', content: 'x' })).msg),
      /not logged in/,
    );
    bot.start();
    await clientA.nextEvent('reconnect');
    await clientC.nextEvent('autoLogin');
    await fixture.simulated.untilState('ready');
    assert.equal((await clientA.call('sendMsg', { toUserName: 'wxid_ming', content: 'x' })).success, true);
  });

  it('sends logout and error events with the reason', async () => {
    fixture = await PadchatFixture.start();
    const [clientA, clientC] = [await connectA(), await connectC()];
    fixture.simulated.puppetError('the network hiccups');
    const error = await clientA.nextEvent('error');
    assert.ok(error.success === false && String(error.msg).includes('hiccups'));
    assert.match(String((await clientC.nextEvent('warn')).payload?.error), /hiccups/);
    assert.equal((await clientA.call('logout')).success, true);
    await clientA.nextEvent('logout');
    assert.equal(typeof (await clientC.nextEvent('logout')).payload?.msg, 'string');
    assert.equal((await clientA.call('status')).data?.Logined, false);
  });

  it('sends nothing to a client after disconnect until it connects again', async () => {
    fixture = await PadchatFixture.start();
    const [client, other] = [await connectA(), await connectA()];
    await client.call('disconnect');
    await client.nextEvent('disconnect');
    const ming = fixture.simulation.contact('Ming');
    ming.say('missed').to();
    await other.nextEvent('push');
    await client.call('connect');
    await client.nextEvent('reconnect');
    ming.say('delivered').to();
    await client.nextPushedItem(({ Content }) => Content === 'delivered');
    assert.doesNotMatch(JSON.stringify(client.frames.all), /missed/);
  });

  it('rejects unsupported login types', async () => {
    fixture = await PadchatFixture.start();
    const client = await connectA();
    for (const loginType of ['user', 'phone', 'fingerprint']) {
      const { success, data } = await client.call('login', { loginType, username: 'x', password: 'geheim' });
      assert.deepEqual([success, data?.Status], [false, -19]);
    }
    assert.doesNotMatch(JSON.stringify(fixture.auditRecords), /geheim/);
  });

  /** A client of C that logged in by QR code. */
  async function loggedInC(field: 'data' | 'payload'): Promise<FrameClient> {
    fixture = await PadchatFixture.start({}, {}, { simulator: { login: 'scan', contacts: 250 } });
    const client = await connectC();
    await client.cmd('init', {}, field);
    await client.cmd('login', { loginType: 'qrcode' }, field);
    const { data } = await client.nextEvent('qrcode');
    // The PHP client reads the picture, the others of its time the address.
    if (field === 'data') assert.ok(decode(Buffer.from(String(data?.qr_code), 'base64')).width > 100);
    await fixture.simulation.scan();
    await client.nextEvent('login');
    return client;
  }

  const pushedTo = ({ frames }: FrameClient, field: 'data' | 'payload'): Fields[] =>
    frames.all.flatMap((frame) => (frame.event === 'push' ? ((frame[field]?.list ?? []) as Fields[]) : []));

  it('pushes the address book and loaded to clients of C that know data, without their asking', async () => {
    const client = await loggedInC('data');
    await client.nextEvent('loaded');
    const items = pushedTo(client, 'data');
    assert.equal(new Set(items.map(({ user_name }) => user_name)).size, 253);
    assert.ok(items.every(({ msg_type }) => msg_type === 2));
    await client.cmd('syncContact', {}, 'data');
    await client.nextEvent('loaded');
    assert.equal(pushedTo(client, 'data').length, 2 * items.length);
    assert.equal(eventsOf(client).filter((name) => name === 'loaded').length, 2);
  });

  it('marks the last page for clients of C that know payload, in the place of loaded', async () => {
    const client = await loggedInC('payload');
    await client.nextEvent('notify', ({ payload }) => payload?.type === 4);
    const isLast = ({ continue: next }: Fields): boolean => next === 0;
    while (!pushedTo(client, 'payload').some(isLast)) {
      await client.cmd('syncContact');
      await client.nextEvent('push');
    }
    assert.equal(pushedTo(client, 'payload').filter(isLast).length, 1);
    await client.cmd('heartBeat');
    assert.ok(!eventsOf(client).includes('loaded'));
  });

  it('tells a restart of the bot as a login to older clients of C, which know no other', async () => {
    fixture = await PadchatFixture.start();
    const client = await connectC();
    await client.cmd('init', {}, 'data');
    await fixture.simulated.bot.stop();
    await client.nextEvent('over');
    fixture.simulated.bot.start();
    await client.nextEvent('login');
    await client.nextEvent('loaded');
    assert.ok(!eventsOf(client).includes('autoLogin'));
  });

  it('answers a request without data in the field of the last one', async () => {
    fixture = await PadchatFixture.start();
    const client = await connectC();
    await client.cmd('init', {}, 'data');
    client.send({ type: 'user', cmd: 'getMyInfo', cmdId: 'bare' });
    const { data, payload } = await client.frames.next(({ cmdId }) => cmdId === 'bare');
    assert.deepEqual([data?.success, payload], [true, undefined]);
  });

  it('takes a client of C whose first request has neither data nor payload for an older one', async () => {
    fixture = await PadchatFixture.start();
    const client = await connectC();
    // As the Python client does.
    client.send({ type: 'user', cmd: 'init', cmdId: '1' });
    const { data, payload } = await client.frames.next(({ cmdId }) => cmdId === '1');
    assert.deepEqual([data?.success, payload], [true, undefined]);
    client.send({ type: 'user', cmd: 'login', cmdId: '2', data: { loginType: 'qrcode' } });
    await client.nextEvent('loaded');
  });

  it('replies to older clients of C in the data field', async () => {
    fixture = await PadchatFixture.start();
    const client = await connectC();
    const info = (await client.cmd('getMyInfo', {}, 'data')).data as Fields;
    // The Go client reads one of the names, padchat-sdk either.
    assert.deepEqual([info.user_name, info.userName], ['wxid_bot', 'wxid_bot']);
    const { success, msg, error } = await client.cmd('getContact', { userId: 'wxid_nobody' }, 'data');
    assert.equal(success, false);
    assert.ok(msg !== '' && msg === error, 'older clients show msg, newer ones error');
    fixture.simulation.contact('Ming').say('hi').to();
    const { data, payload } = await client.nextEvent('push');
    assert.ok(payload === undefined && Array.isArray(data?.list));
  });
});
