/** Interoperability with socket.io-client 2, the client of version B. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { root } from '../support/package-install';
import { AsyncQueue } from '../support/async-queue';
import { type Fields, PadchatFixture } from '../unit/remotes/padchat/fixture';

/** The part of the untyped client that is used here. */
interface Client {
  on(event: string, listener: (payload: unknown) => void): void;
  emit(event: string, ...args: unknown[]): void;
  close(): void;
}

type Connect = (url: string, options: object) => Client;

interface ReceivedEvent {
  readonly event: string;
  readonly payload: Fields;
}

const events = ['qrcode', 'scan', 'login', 'loaded', 'logout', 'close', 'warn', 'sns', 'push'];

/** A client of version B. */
class User {
  readonly events = new AsyncQueue<ReceivedEvent>('event');

  constructor(readonly client: Client) {
    for (const event of [...events, 'connect', 'disconnect', 'error']) {
      client.on(event, (payload) => {
        this.events.add({
          event,
          payload: typeof payload === 'object' && payload !== null ? { ...payload } : { payload },
        });
      });
    }
  }

  call(name: string, data: unknown = {}): Promise<Fields> {
    return new Promise((resolve) => {
      this.client.emit(name, data, resolve);
    });
  }

  async event(name: string): Promise<Fields> {
    return (await this.events.next(({ event }) => event === name)).payload;
  }
}

const connect = createRequire(join(root, 'package.json'))('socket.io-client') as Connect;

describe('socket.io-client 2, version B', function () {
  this.timeout(30_000);
  let fixture: PadchatFixture;
  const users: User[] = [];

  function user(authKey: string, transports: readonly string[] = ['websocket', 'polling']): User {
    const url = fixture.url.replace('ws:', 'http:');
    const query = { authKey, name: 'test' };
    const made = new User(connect(`${url}/user`, { query, transports, forceNew: true, reconnection: false }));
    users.push(made);
    return made;
  }

  afterEach(async () => {
    for (const { client } of users.splice(0)) client.close();
    await fixture.stop();
  });

  it('logs in by QR code and receives contacts, then loaded', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['key'] }, {}, { simulator: { login: 'scan' } });
    const one = user('key');
    await one.event('connect');
    assert.equal((await one.call('init')).success, true);
    assert.equal((await one.call('login', { loginType: 'qrcode' })).success, true);
    const { qrCode } = await one.event('qrcode');
    assert.equal(Buffer.from(String(qrCode), 'base64').readUInt16BE(), 0xffd8);
    await fixture.simulation.scan();
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
    it(`calls and receives events by ${transport}`, async () => {
      fixture = await PadchatFixture.start({ authKeys: ['key'] });
      const one = user('key', [transport]);
      await one.event('connect');
      const reply = await one.call('sendMsg', { toUserName: 'wxid_ming', content: 'hello' });
      assert.equal(reply.success, true);
      const [sent] = fixture.simulation.messages({ conversation: 'wxid_ming' });
      assert.deepEqual([sent?.text, sent?.id], ['hello', (reply.data as Fields).msgId]);
      fixture.simulation.contact('Ming').say('ding').in('Team');
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

  it('is rejected with a wrong key and receives nothing', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['key'] });
    const unauthenticated = user('wrong');
    assert.match(JSON.stringify(await unauthenticated.event('error')), /not valid/);
    fixture.simulation.contact('Ming').say('secret').to();
    const one = user('key');
    await one.event('connect');
    fixture.simulation.contact('Ming').say('hello').to();
    await one.event('push');
    assert.deepEqual(
      unauthenticated.events.all.filter(({ event }) => event === 'push'),
      [],
    );
  });

  it('gets replies among 10,000 malformed calls and invalid packets', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['key'] });
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
      const raw = new WebSocket(`${fixture.url}/socket.io/?EIO=3&transport=websocket&authKey=key`);
      await once(raw, 'open');
      raw.send(packet);
      raw.send('40/user');
      raw.terminate();
    }
    assert.equal((await one.call('status')).success, true);
    assert.deepEqual(fixture.simulation.messages(), []);
  });

  it('is disconnected if it never joins the namespace', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['key'] }, { authTimeoutMs: 200 });
    const url = fixture.url.replace('ws:', 'http:');
    const lurker = new User(connect(url, { transports: ['websocket'], forceNew: true, reconnection: false }));
    users.push(lurker);
    await lurker.event('connect');
    await lurker.event('disconnect');
    assert.equal(fixture.remote.status.clients, 0);
  });
});
