import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '../../../support/web-server';
import { type Data, Setting } from './fixture';

describe('a bot as WeHelp', () => {
  let setting: Setting;
  let team: string;
  let files: string;

  before(async () => {
    setting = await Setting.start({ simulator: { login: 'scan' } });
    team = setting.world.room('Team').id;
    files = join(setting.directory, 'files');
    await mkdir(files);
  });
  after(() => setting.end());
  beforeEach(() => {
    setting.service.taken.splice(0);
    setting.handled.splice(0);
  });

  const give = (...tasks: object[]): void => {
    setting.service.give(...tasks);
  };
  const told = (fits: Partial<Data>): Promise<Data> =>
    setting.service.told((data) => Object.entries(fits).every(([name, value]) => data[name] === value));
  /** Resolves when the task was answered, and with the code the owner was told. */
  const done = async (api: string): Promise<unknown> => {
    await setting.service.until(() => setting.handled.some(({ name }) => name === api));
    return setting.handled.find(({ name }) => name === api)?.code;
  };
  const itemsOf = (data: Data, list = 'userLists'): Data[] => data[list] as Data[];

  it('tells who it is in every callback, by the same numbers', async () => {
    setting.world.contact('Ming').say('one').to(setting.world.self);
    setting.world.contact('Ming').say('two').to(setting.world.self);
    const [one, two] = [await told({ message: 'one' }), await told({ message: 'two' })];
    assert.equal(one.cwxid, setting.world.self.id);
    assert.equal(one.processid, two.processid);
    assert.ok(Number.isInteger(one.processid));
  });

  it('asks for tasks by GET and posts callbacks as JSON', async () => {
    setting.world.contact('Ming').say('hello').to(setting.world.self);
    await told({ message: 'hello' });
    const requests = setting.service.requests;
    const poll = requests.find(({ url }) => url === '/poll');
    const post = requests.find(({ url }) => url === '/callback');
    assert.deepEqual([poll?.method, post?.method], ['GET', 'POST']);
    assert.match(poll?.headers['cache-control'] ?? '', /no-cache/);
    assert.equal(post?.headers['content-type'], 'application/json');
  });

  describe('tells', () => {
    it('messages of all kinds, with XML where WeChat has it', async () => {
      const { world } = setting;
      const ming = world.contact('Ming');
      ming.say('in the room').in('Team');
      const text = await told({ message: 'in the room' });
      assert.deepEqual(
        [text.type, text.msgType, text.wxid, text.formWxid, text.nick],
        [78, '1', team, ming.id, 'Team'],
      );
      ming.say({ kind: 'image', name: 'cat.jpg', data: Buffer.from('cat') }).to(world.self);
      const image = await told({ msgType: '3' });
      assert.match(String(image.message), /^<msg>.*<img/s);
      assert.ok(!('formWxid' in image));
      ming.say({ kind: 'url', url: { url: 'https://example.com/a', title: 'A & B' } }).to(world.self);
      const link = await told({ msgType: '49' });
      assert.match(String(link.message), /A &amp; B.*https:\/\/example\.com\/a/s);
    });

    it('friend requests, which a task accepts', async () => {
      const { world } = setting;
      world.contact('Grace').requestFriend('let me <in>');
      const request = await told({ msgType: '37' });
      assert.equal(request.wxid, setting.id('Grace'));
      const field = (name: string): string =>
        new RegExp(` ${name}="([^"]*)"`).exec(String(request.message))?.[1] ?? '';
      assert.equal(field('content'), 'let me &lt;in&gt;');
      const [v1, v2] = [field('encryptusername'), field('ticket')];
      assert.match(v2, /^v2_/);
      give({ api: 'acceptFriend', code: 10, v1, v2 });
      const accepted = await told({ type: 96 });
      assert.ok(Buffer.from(String(accepted.hex), 'hex').includes(v1));
      await told({ msgType: '10000', wxid: setting.id('Grace') });
      assert.ok(world.contact('Grace').isFriend);
    });

    it('who comes into rooms and goes, and rooms that are new to it', async () => {
      const { world } = setting;
      const lilei = world.contact('李雷');
      lilei.join('Team');
      assert.match(String((await told({ msgType: '10000', wxid: team })).message), /李雷/);
      setting.service.taken.splice(0);
      lilei.leave('Team');
      assert.match(String((await told({ msgType: '10000', wxid: team })).message), /李雷.*退出/);
      setting.service.taken.splice(0);
      world.contact('Ming').rename('Team', 'The Team');
      assert.match(String((await told({ msgType: '10000', wxid: team })).message), /The Team/);
      world.contact('Ming').rename('The Team', 'Team');
    });
  });

  describe('does', () => {
    it('sends texts, cards and links, to people and rooms', async () => {
      const alice = setting.id('Alice');
      give(
        { api: 'sendTextMessage', code: 1, wxid: alice, text: 'by task' },
        { api: 'sendTextMessage', code: 1, wxid: team, text: 'to the room' },
        {
          api: 'sendXmlMessage',
          code: 3,
          wxid: alice,
          title: 'T',
          url: 'https://example.com',
          desc: 'D',
          pic: '',
        },
        { api: 'sendCardMessage', wxid: alice, fwxid: setting.id('Ming') },
      );
      await setting.service.until(() => setting.handled.length === 4);
      assert.deepEqual(
        setting.handled.map(({ code }) => code),
        [200, 200, 200, 200],
      );
      const kinds = setting.world
        .messages({ conversation: setting.world.contact('Alice') })
        .map(({ content }) => content.kind);
      assert.deepEqual(kinds, ['text', 'url', 'card']);
      assert.equal(
        setting.world.messages({ conversation: setting.world.room('Team') }).at(-1)?.text,
        'to the room',
      );
      assert.deepEqual(setting.service.taken, [], 'WeHelp sends in silence');
    });

    it('keeps the order within a conversation, whatever the first one takes', async () => {
      const wxid = setting.id('Bob');
      const texts = Array.from({ length: 30 }, (_, index) => `number ${index}`);
      give(...texts.map((text) => ({ api: 'sendTextMessage', wxid, text })));
      await setting.service.until(() => setting.handled.length === 30);
      assert.deepEqual(setting.said('Bob'), texts);
    });

    it('waits as long as a task says, and lets others pass', async () => {
      const wxid = setting.id('韩梅梅');
      give(
        { api: 'sendTextMessage', wxid, text: 'later', time: 0.2 },
        { api: 'sendTextMessage', wxid, text: 'now' },
        { api: 'sendTextMessage', wxid, text: 'never', time: 1e9 },
      );
      await setting.service.until(() => setting.handled.length === 3);
      assert.deepEqual(setting.said('韩梅梅'), ['now', 'later']);
      assert.equal((await told({ api: 'sendTextMessage', code: -1 })).type, 0);
    });

    it('sends files only from where the owner lets it', async () => {
      const inside = join(files, 'a.txt');
      await Promise.all([
        writeFile(inside, 'figures'),
        writeFile(join(setting.directory, 'secret'), 'secret'),
      ]);
      await setting.remote.stop();
      const policy = { privateAddresses: 'refuse', maxBytes: 100 } as const;
      await setting.begin({ files: { local: [files], ...policy } });
      const server = await serve((_request, response) => response.end('private'));
      const wxid = setting.id('王芳');
      const send = async (filePath: string): Promise<unknown> => {
        setting.handled.splice(0);
        give({ api: 'sendFileMessage', code: 25, wxid, filePath });
        return done('sendFileMessage');
      };
      assert.equal(await send(inside), 200);
      await writeFile(join(files, 'large.txt'), 'x'.repeat(101));
      for (const path of [
        join(files, '..', 'secret'),
        '/etc/passwd',
        `file://${join(setting.directory, 'secret')}`,
        join(files, 'large.txt'),
        `${server.url}/a.txt`,
        'http://[::1]:9/',
      ]) {
        assert.equal(await send(path), -1, path);
      }
      give({ api: 'sendPicMessage', code: 2, wxid, imgPath: '/etc/passwd' });
      assert.equal(await done('sendPicMessage'), -1);
      await server.close();
      assert.deepEqual(setting.said('王芳'), ['a.txt']);
    });

    it('tells of contacts', async () => {
      give({ api: 'initContact', code: 45 });
      const contacts = itemsOf(await told({ type: 210 }));
      const ming = contacts.find(({ wxid }) => wxid === setting.id('Ming'));
      assert.deepEqual([ming?.nick, ming?.type, typeof ming?.sex], ['Ming', 3, 'number']);
      const raw = Buffer.from(String((await told({ type: 97 })).hex), 'hex');
      assert.ok(contacts.every(({ wxid }) => raw.includes(String(wxid))));
      setting.service.taken.splice(0);
      give({ api: 'newGetUserLists', code: 46, wxidLists: [setting.id('Ming'), 'wxid_nobody'] });
      assert.deepEqual(
        itemsOf(await told({ type: 210 })).map(({ nick }) => nick),
        ['Ming'],
      );
      setting.service.taken.splice(0);
      give({ api: 'getUserInfo', code: 19, wxid: setting.id('Alice') });
      assert.equal(itemsOf(await told({ type: 210 }))[0]?.nick, 'Alice');
      give({ api: 'netGetUserInfo', code: 30, wxid: setting.id('Alice') });
      const found = await told({ type: 88 });
      assert.ok(Buffer.from(String(found.hex), 'hex').includes(setting.id('Alice')));
    });

    it('tells of rooms and their members, who can be asked to be friends', async () => {
      give({ api: 'getChatRoomLists', code: 47 });
      const rooms = itemsOf(await told({ type: 211 }), 'chatrooms');
      const shown = rooms.find(({ wxid }) => wxid === team);
      assert.equal(shown?.nick, 'Team');
      assert.ok(String(shown.userLists).split('\u0007').includes(setting.id('Ming')));
      give({ api: 'getChatRoomUserLists', code: 6, wxid: team });
      const members = await told({ type: 77 });
      assert.equal(members.wxid, team);
      const stranger = setting.world
        .contacts()
        .find(({ isFriend, id }) => !isFriend && id !== setting.world.self.id);
      assert.ok(stranger);
      stranger.join('Team', { by: 'Ming' });
      give({ api: 'getRoomUserV2', code: 34, chatroom: team, wxid: stranger.id });
      const { v2, nick } = await told({ type: 81 });
      assert.equal(nick, stranger.name);
      give({ api: 'addUserEvent', code: 5, wxid: String(v2), message: 'we are in one room' });
      assert.equal(await done('addUserEvent'), 200);
      stranger.acceptFriend();
      await told({ msgType: '10000', wxid: stranger.id });
      assert.ok(stranger.isFriend);
    });

    it('puts people into rooms and out of them', async () => {
      const wxid = setting.id('Bob');
      const isIn = (): boolean => setting.world.room('Team').memberIds.includes(wxid);
      const wasIn = isIn();
      give({ api: wasIn ? 'delChatRoomUser' : 'sendChatroom', wxid, chatroom: team });
      await done(wasIn ? 'delChatRoomUser' : 'sendChatroom');
      give({ api: wasIn ? 'sendChatroom' : 'delChatRoomUser', wxid, chatroom: team });
      await done(wasIn ? 'sendChatroom' : 'delChatRoomUser');
      assert.deepEqual(
        setting.handled.map(({ code }) => code),
        [200, 200],
      );
      assert.equal(isIn(), wasIn);
    });

    it('says that it cannot what Wechaty cannot', async () => {
      give({ api: 'delUser', code: 17, wxid: 'a' });
      const { type, code, message } = await told({ api: 'delUser' });
      assert.deepEqual([type, code], [0, -1]);
      assert.match(String(message), /^unsupported: /);
      give({ api: 'updateRoomAsName', code: 44, chatroom: team, name: 'me' });
      await told({ api: 'updateRoomAsName', code: -1 });
      give({ api: 'noSuchThing' });
      await told({ api: 'noSuchThing', code: -1 });
    });

    it('takes no pattern for an id: nothing goes to everybody', async () => {
      give({ api: 'sendTextMessage', wxid: '/.*/', text: 'to all' });
      await told({ api: 'sendTextMessage', code: -1 });
      give({ api: 'delChatRoomUser', wxid: '/.*/', chatroom: team });
      await told({ api: 'delChatRoomUser', code: -1 });
      const all = setting.world.messages().filter(({ text }) => text === 'to all');
      assert.deepEqual(all, []);
    });

    it('only what the owner allows', async () => {
      await setting.remote.stop();
      await setting.begin({ permits: { allow: ['read-only'], deny: ['contactFindAll'] } });
      give({ api: 'sendTextMessage', wxid: setting.id('Alice'), text: 'denied' }, { api: 'initContact' });
      await told({ api: 'sendTextMessage', code: -1 });
      await told({ api: 'initContact', code: -1 });
      give({ api: 'getLoginStatus', code: 20, info: 'thisaaa' });
      assert.deepEqual((await told({ type: 66 })).code, 200);
      assert.ok(!setting.said('Alice').includes('denied'));
      await setting.remote.stop();
      await setting.begin();
    });
  });

  describe('logs in and out', () => {
    it('by task, with the QR code on demand', async () => {
      give({ api: 'getLoginQrCode', code: 36 });
      assert.match(String((await told({ api: 'getLoginQrCode', code: -1 })).message), /logged in/);
      give({ api: 'outLogin', code: 39 });
      assert.deepEqual((await told({ type: 90 })).hex, '0A0408001200');
      give({ api: 'getLoginStatus', code: 20, info: 'thisaaa' });
      const status = await told({ type: 66 });
      assert.deepEqual([status.code, status.info, status.cwxid], [-1, 'thisaaa', setting.world.self.id]);
      give({ api: 'getLoginQrCode', code: 36 });
      const { message } = await setting.service.told(({ code, type }) => code === 401 && type === undefined);
      assert.equal(message, setting.world.qrCode);
      setting.service.taken.splice(0);
      give({ api: 'getLoginQrCode', code: 36 });
      await setting.service.told(({ code }) => code === 401);
      await setting.world.scan();
      await told({ type: 67, code: 200 });
      const self = await told({ type: 71 });
      assert.equal(self.wxid, setting.world.self.id);
      await setting.simulated.state('ready');
      assert.doesNotMatch(JSON.stringify([setting.log, setting.handled]), new RegExp(String(message)));
    });

    it('on the phone', async () => {
      await setting.world.phoneLogout();
      const { hex } = await told({ type: 98 });
      assert.match(Buffer.from(String(hex), 'hex').toString('latin1'), /phone/);
    });
  });
});
