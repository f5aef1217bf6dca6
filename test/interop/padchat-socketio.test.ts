/** Socket.IO's own client of version 2, with which the programs of generation B were written. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { root } from '../support/package-install';
import { Inbox } from '../support/async-queue';
import { type Fields, Setting } from '../unit/remotes/padchat/fixture';

/** What of a client of version 2 is used here; it has no types of its own. */
interface Client {
  on(event: string, listener: (told: unknown) => void): void;
  emit(event: string, ...given: unknown[]): void;
  close(): void;
}

type Connect = (url: string, options: object) => Client;

interface Told {
  readonly event: string;
  readonly told: Fields;
}

const events = ['qrcode', 'scan', 'login', 'loaded', 'logout', 'close', 'warn', 'sns', 'push'];

/** A client of generation B, as its programs used it. */
class User {
  readonly told = new Inbox<Told>('event');

  constructor(readonly client: Client) {
    for (const event of [...events, 'connect', 'disconnect', 'error']) {
      client.on(event, (told) => {
        this.told.add({ event, told: typeof told === 'object' && told !== null ? { ...told } : { told } });
      });
    }
  }

  call(name: string, data: unknown = {}): Promise<Fields> {
    return new Promise((resolve) => {
      this.client.emit(name, data, resolve);
    });
  }

  async event(name: string): Promise<Fields> {
    return (await this.told.next(({ event }) => event === name)).told;
  }
}

const connect = createRequire(join(root, 'package.json'))('socket.io-client') as Connect;

describe('socket.io-client 2, generation B', function () {
  this.timeout(30_000);
  let setting: Setting;
  const users: User[] = [];

  function user(authKey: string, transports: readonly string[] = ['websocket', 'polling']): User {
    const url = setting.url.replace('ws:', 'http:');
    const query = { authKey, name: 'test' };
    const made = new User(connect(`${url}/user`, { query, transports, forceNew: true, reconnection: false }));
    users.push(made);
    return made;
  }

  afterEach(async () => {
    for (const { client } of users.splice(0)) client.close();
    await setting.end();
  });

  it('logs in by a code that it is shown as a JPEG, and is told contacts, then that they are complete', async () => {
    setting = await Setting.start({ authKeys: ['key'] }, {}, { simulator: { login: 'scan' } });
    const one = user('key');
    await one.event('connect');
    assert.equal((await one.call('init')).success, true);
    assert.equal((await one.call('login', { loginType: 'qrcode' })).success, true);
    const { qrCode } = await one.event('qrcode');
    assert.equal(Buffer.from(String(qrCode), 'base64').readUInt16BE(), 0xffd8);
    await setting.world.scan();
    await one.event('login');
    const { list } = await one.event('push');
    const contacts = list as readonly Fields[];
    assert.ok(
      contacts.some(
        ({ userName, nickName, msgType }) => userName === 'wxid_ming' && nickName === 'Ming' && msgType === 2,
      ),
    );
    await one.event('loaded');
    const { data } = await one.call('getDeviceInfo');
    assert.ok((data as Fields).deviceData);
  });

  for (const transport of ['websocket', 'polling']) {
    it(`calls and is told by ${transport}`, async () => {
      setting = await Setting.start({ authKeys: ['key'] });
      const one = user('key', [transport]);
      await one.event('connect');
      const reply = await one.call('sendMsg', { toUserName: 'wxid_ming', content: 'hello' });
      assert.equal(reply.success, true);
      const [said] = setting.world.messages({ conversation: 'wxid_ming' });
      assert.deepEqual([said?.text, said?.id], ['hello', (reply.data as Fields).msgId]);
      setting.world.contact('Ming').say('ding').in('Team');
      const { list } = await one.event('push');
      const [item] = list as readonly Fields[];
      assert.deepEqual([item?.msgType, item?.content], [1, 'wxid_ming:\nding']);
      assert.equal((await one.call('syncFav')).success, false);
      assert.equal((await one.call('sendMsg', 'no object')).success, false);
      assert.match(String((await one.call('nonsense')).msg), /no command nonsense/);
      assert.equal((await one.call('close')).success, true);
      assert.deepEqual(await one.event('close'), { msg: '', error: '' });
    });
  }

  it('is refused with a wrong key, and hears nothing', async () => {
    setting = await Setting.start({ authKeys: ['key'] });
    const stranger = user('wrong');
    assert.match(JSON.stringify(await stranger.event('error')), /not valid/);
    setting.world.contact('Ming').say('secret').to();
    const one = user('key');
    await one.event('connect');
    setting.world.contact('Ming').say('hello').to();
    await one.event('push');
    assert.deepEqual(
      stranger.told.all.filter(({ event }) => event === 'push'),
      [],
    );
  });

  it('is answered between 10,000 calls that make no sense, and others that are no packets at all', async () => {
    setting = await Setting.start({ authKeys: ['key'] });
    const one = user('key', ['websocket']);
    await one.event('connect');
    const junk = [null, 7, 'x', [], [[]], { __proto__: null }, { userId: {} }, { toUserName: ['x'] }, true];
    const names = [
      'sendMsg',
      'getContact',
      'constructor',
      '__proto__',
      'x'.repeat(500),
      '\u0000',
      'auth',
      'login',
    ];
    for (let batch = 0; batch < 100; batch += 1) {
      for (let index = 0; index < 100; index += 1) {
        one.client.emit(names[index % names.length] ?? '', junk[(index * 7 + batch) % junk.length]);
      }
      assert.equal((await one.call('getContact', { userId: 'wxid_ming' })).success, true);
    }
    for (const packet of [
      '42/user,[',
      '4',
      '9',
      '40/user,{',
      '42["x"]',
      'x'.repeat(1_000),
      '452-/user,["a"]',
    ]) {
      const raw = new WebSocket(`${setting.url}/socket.io/?EIO=3&transport=websocket&authKey=key`);
      await once(raw, 'open');
      raw.send(packet);
      raw.send('40/user');
      raw.terminate();
    }
    assert.equal((await one.call('status')).success, true);
    assert.deepEqual(setting.world.messages(), []);
  });

  it('is hung up on when it never comes into the namespace', async () => {
    setting = await Setting.start({ authKeys: ['key'] }, { authTimeout: 200 });
    const url = setting.url.replace('ws:', 'http:');
    const lurker = new User(connect(url, { transports: ['websocket'], forceNew: true, reconnection: false }));
    users.push(lurker);
    await lurker.event('connect');
    await lurker.event('disconnect');
    assert.equal(setting.remote.status.clients, 0);
  });
});
