import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '../../../support/web-server';
import { type Data, WehelpFixture } from './fixture';

describe('WehelpRemote', () => {
  let fixture: WehelpFixture;
  let team: string;
  let files: string;

  before(async () => {
    fixture = await WehelpFixture.start({ simulator: { login: 'scan' } });
    team = fixture.simulation.room('Team').id;
    files = join(fixture.directory, 'files');
    await mkdir(files);
  });
  after(() => fixture.stop());
  beforeEach(() => {
    fixture.service.callbacks.splice(0);
    fixture.auditRecords.splice(0);
  });

  const enqueueTasks = (...tasks: object[]): void => {
    fixture.service.enqueueTasks(...tasks);
  };
  const waitForCallback = (expected: Partial<Data>): Promise<Data> =>
    fixture.service.waitForCallback((data) =>
      Object.entries(expected).every(([name, value]) => data[name] === value),
    );
  /** Resolves with the audited code of a task when it finished. */
  const auditCodeOf = async (api: string): Promise<unknown> => {
    await fixture.service.until(() => fixture.auditRecords.some(({ name }) => name === api));
    return fixture.auditRecords.find(({ name }) => name === api)?.code;
  };
  const itemsOf = (data: Data, list = 'userLists'): Data[] => data[list] as Data[];

  it('identifies itself in every callback with a stable processid and cwxid', async () => {
    for (const text of ['one', 'two']) fixture.simulation.contact('Ming').say(text).to();
    const [one, two] = [await waitForCallback({ message: 'one' }), await waitForCallback({ message: 'two' })];
    assert.equal(one.cwxid, fixture.simulation.self.id);
    assert.equal(one.processid, two.processid);
    assert.ok(Number.isInteger(one.processid));
  });

  it('polls tasks by GET and posts callbacks as JSON', async () => {
    fixture.simulation.contact('Ming').say('hello').to();
    await waitForCallback({ message: 'hello' });
    const { requests } = fixture.service;
    await fixture.service.until(() => requests.some(({ url }) => url === '/poll'));
    const poll = requests.find(({ url }) => url === '/poll');
    const post = requests.find(({ url }) => url === '/callback');
    assert.deepEqual([poll?.method, post?.method], ['GET', 'POST']);
    assert.match(poll?.headers['cache-control'] ?? '', /no-cache/);
    assert.equal(post?.headers['content-type'], 'application/json');
  });

  describe('callbacks', () => {
    it('posts messages of all kinds, non-text as XML', async () => {
      const { simulation } = fixture;
      const ming = simulation.contact('Ming');
      ming.say('in the room').in('Team');
      const text = await waitForCallback({ message: 'in the room' });
      assert.deepEqual(
        [text.type, text.msgType, text.wxid, text.formWxid, text.nick],
        [78, '1', team, ming.id, 'Team'],
      );
      ming.say({ kind: 'image', name: 'cat.jpg', data: Buffer.from('cat') }).to();
      const image = await waitForCallback({ msgType: '3' });
      assert.match(String(image.message), /^<msg>.*<img/s);
      assert.ok(!('formWxid' in image));
      ming.say({ kind: 'url', url: { url: 'https://example.com/a', title: 'A & B' } }).to();
      const link = await waitForCallback({ msgType: '49' });
      assert.match(String(link.message), /A &amp; B.*https:\/\/example\.com\/a/s);
    });

    it('posts friend requests, which the task acceptFriend accepts', async () => {
      const { simulation } = fixture;
      simulation.contact('Grace').requestFriend('let me <in>');
      const request = await waitForCallback({ msgType: '37' });
      assert.equal(request.wxid, fixture.idOf('Grace'));
      const field = (name: string): string =>
        new RegExp(` ${name}="([^"]*)"`).exec(String(request.message))?.[1] ?? '';
      assert.equal(field('content'), 'let me &lt;in&gt;');
      const [v1, v2] = [field('encryptusername'), field('ticket')];
      assert.match(v2, /^v2_/);
      enqueueTasks({ api: 'acceptFriend', code: 10, v1, v2 });
      const accepted = await waitForCallback({ type: 96 });
      assert.ok(Buffer.from(String(accepted.hex), 'hex').includes(v1));
      await waitForCallback({ msgType: '10000', wxid: fixture.idOf('Grace') });
      assert.ok(simulation.contact('Grace').isFriend);
    });

    it('posts room joins, leaves and renames', async () => {
      const { simulation } = fixture;
      const lilei = simulation.contact('李雷');
      lilei.join('Team');
      assert.match(String((await waitForCallback({ msgType: '10000', wxid: team })).message), /李雷/);
      fixture.service.callbacks.splice(0);
      lilei.leave('Team');
      assert.match(String((await waitForCallback({ msgType: '10000', wxid: team })).message), /李雷.*退出/);
      fixture.service.callbacks.splice(0);
      simulation.contact('Ming').rename('Team', 'The Team');
      assert.match(String((await waitForCallback({ msgType: '10000', wxid: team })).message), /The Team/);
      simulation.contact('Ming').rename('The Team', 'Team');
    });
  });

  describe('tasks', () => {
    it('send texts, cards and links to contacts and rooms', async () => {
      const alice = fixture.idOf('Alice');
      enqueueTasks(
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
        { api: 'sendCardMessage', wxid: alice, fwxid: fixture.idOf('Ming') },
      );
      await fixture.service.until(() => fixture.auditRecords.length === 4);
      assert.deepEqual(
        fixture.auditRecords.map(({ code }) => code),
        [200, 200, 200, 200],
      );
      const kinds = fixture.simulation
        .messages({ conversation: fixture.simulation.contact('Alice') })
        .map(({ content }) => content.kind);
      assert.deepEqual(kinds, ['text', 'url', 'card']);
      assert.equal(
        fixture.simulation.messages({ conversation: fixture.simulation.room('Team') }).at(-1)?.text,
        'to the room',
      );
      assert.deepEqual(fixture.service.callbacks, [], 'sends have no callbacks');
    });

    it('run in order within a conversation', async () => {
      const wxid = fixture.idOf('Bob');
      const texts = Array.from({ length: 30 }, (_, index) => `number ${index}`);
      enqueueTasks(...texts.map((text) => ({ api: 'sendTextMessage', wxid, text })));
      await fixture.service.until(() => fixture.auditRecords.length === 30);
      assert.deepEqual(fixture.sentTexts('Bob'), texts);
    });

    it('run after their delay without blocking others', async () => {
      const wxid = fixture.idOf('韩梅梅');
      enqueueTasks(
        { api: 'sendTextMessage', wxid, text: 'later', time: 0.2 },
        { api: 'sendTextMessage', wxid, text: 'now' },
        { api: 'sendTextMessage', wxid, text: 'never', time: 1e9 },
      );
      await fixture.service.until(() => fixture.auditRecords.length === 3);
      assert.deepEqual(fixture.sentTexts('韩梅梅'), ['now', 'later']);
      assert.equal((await waitForCallback({ api: 'sendTextMessage', code: -1 })).type, 0);
    });

    it('send only files that the file policy allows', async () => {
      const inside = join(files, 'a.txt');
      await Promise.all([
        writeFile(inside, 'figures'),
        writeFile(join(fixture.directory, 'secret'), 'secret'),
      ]);
      await fixture.remote.stop();
      const policy = { privateAddresses: 'refuse', maxBytes: 100 } as const;
      await fixture.startRemote({ files: { local: [files], ...policy } });
      const server = await serve((_request, response) => response.end('private'));
      const wxid = fixture.idOf('王芳');
      const send = async (filePath: string): Promise<unknown> => {
        fixture.auditRecords.splice(0);
        enqueueTasks({ api: 'sendFileMessage', code: 25, wxid, filePath });
        return auditCodeOf('sendFileMessage');
      };
      assert.equal(await send(inside), 200);
      await writeFile(join(files, 'large.txt'), 'x'.repeat(101));
      for (const path of [
        join(files, '..', 'secret'),
        '/etc/passwd',
        `file://${join(fixture.directory, 'secret')}`,
        join(files, 'large.txt'),
        `${server.url}/a.txt`,
        'http://[::1]:9/',
      ]) {
        assert.equal(await send(path), -1, path);
      }
      enqueueTasks({ api: 'sendPicMessage', code: 2, wxid, imgPath: '/etc/passwd' });
      assert.equal(await auditCodeOf('sendPicMessage'), -1);
      await server.close();
      assert.deepEqual(fixture.sentTexts('王芳'), ['a.txt']);
    });

    it('return contacts', async () => {
      enqueueTasks({ api: 'initContact', code: 45 });
      const contacts = itemsOf(await waitForCallback({ type: 210 }));
      const ming = contacts.find(({ wxid }) => wxid === fixture.idOf('Ming'));
      assert.deepEqual([ming?.nick, ming?.type, typeof ming?.sex], ['Ming', 3, 'number']);
      const raw = Buffer.from(String((await waitForCallback({ type: 97 })).hex), 'hex');
      assert.ok(contacts.every(({ wxid }) => raw.includes(String(wxid))));
      fixture.service.callbacks.splice(0);
      enqueueTasks({ api: 'newGetUserLists', code: 46, wxidLists: [fixture.idOf('Ming'), 'wxid_nobody'] });
      assert.deepEqual(
        itemsOf(await waitForCallback({ type: 210 })).map(({ nick }) => nick),
        ['Ming'],
      );
      fixture.service.callbacks.splice(0);
      enqueueTasks({ api: 'getUserInfo', code: 19, wxid: fixture.idOf('Alice') });
      assert.equal(itemsOf(await waitForCallback({ type: 210 }))[0]?.nick, 'Alice');
      enqueueTasks({ api: 'netGetUserInfo', code: 30, wxid: fixture.idOf('Alice') });
      const found = await waitForCallback({ type: 88 });
      assert.ok(Buffer.from(String(found.hex), 'hex').includes(fixture.idOf('Alice')));
    });

    it('return rooms and members, who can be sent friend requests', async () => {
      enqueueTasks({ api: 'getChatRoomLists', code: 47 });
      const rooms = itemsOf(await waitForCallback({ type: 211 }), 'chatrooms');
      const shown = rooms.find(({ wxid }) => wxid === team);
      assert.equal(shown?.nick, 'Team');
      assert.ok(String(shown.userLists).split('\u0007').includes(fixture.idOf('Ming')));
      enqueueTasks({ api: 'getChatRoomUserLists', code: 6, wxid: team });
      const members = await waitForCallback({ type: 77 });
      assert.equal(members.wxid, team);
      const nonFriend = fixture.simulation
        .contacts()
        .find(({ isFriend, id }) => !isFriend && id !== fixture.simulation.self.id);
      assert.ok(nonFriend);
      nonFriend.join('Team', { by: 'Ming' });
      enqueueTasks({ api: 'getRoomUserV2', code: 34, chatroom: team, wxid: nonFriend.id });
      const { v2, nick } = await waitForCallback({ type: 81 });
      assert.equal(nick, nonFriend.name);
      enqueueTasks({ api: 'addUserEvent', code: 5, wxid: String(v2), message: 'we are in one room' });
      assert.equal(await auditCodeOf('addUserEvent'), 200);
      nonFriend.acceptFriend();
      await waitForCallback({ msgType: '10000', wxid: nonFriend.id });
      assert.ok(nonFriend.isFriend);
    });

    it('add and remove room members', async () => {
      const wxid = fixture.idOf('Bob');
      const isIn = (): boolean => fixture.simulation.room('Team').memberIds.includes(wxid);
      const wasIn = isIn();
      enqueueTasks({ api: wasIn ? 'delChatRoomUser' : 'sendChatroom', wxid, chatroom: team });
      await auditCodeOf(wasIn ? 'delChatRoomUser' : 'sendChatroom');
      enqueueTasks({ api: wasIn ? 'sendChatroom' : 'delChatRoomUser', wxid, chatroom: team });
      await auditCodeOf(wasIn ? 'sendChatroom' : 'delChatRoomUser');
      assert.deepEqual(
        fixture.auditRecords.map(({ code }) => code),
        [200, 200],
      );
      assert.equal(isIn(), wasIn);
    });

    it('fail with a reason if unsupported or unknown', async () => {
      enqueueTasks({ api: 'delUser', code: 17, wxid: 'a' });
      const { type, code, message } = await waitForCallback({ api: 'delUser' });
      assert.deepEqual([type, code], [0, -1]);
      assert.match(String(message), /^unsupported: /);
      enqueueTasks({ api: 'updateRoomAsName', code: 44, chatroom: team, name: 'me' });
      await waitForCallback({ api: 'updateRoomAsName', code: -1 });
      enqueueTasks({ api: 'noSuchThing' });
      await waitForCallback({ api: 'noSuchThing', code: -1 });
    });

    it('reject patterns as ids', async () => {
      enqueueTasks({ api: 'sendTextMessage', wxid: '/.*/', text: 'to all' });
      await waitForCallback({ api: 'sendTextMessage', code: -1 });
      enqueueTasks({ api: 'delChatRoomUser', wxid: '/.*/', chatroom: team });
      await waitForCallback({ api: 'delChatRoomUser', code: -1 });
      assert.ok(fixture.simulation.messages().every(({ text }) => text !== 'to all'));
    });

    it('reject denied commands', async () => {
      await fixture.remote.stop();
      await fixture.startRemote({ permissions: { allow: ['read-only'], deny: ['contactFindAll'] } });
      const wxid = fixture.idOf('Alice');
      enqueueTasks({ api: 'sendTextMessage', wxid, text: 'denied' }, { api: 'initContact' });
      await waitForCallback({ api: 'sendTextMessage', code: -1 });
      await waitForCallback({ api: 'initContact', code: -1 });
      enqueueTasks({ api: 'getLoginStatus', code: 20, info: 'thisaaa' });
      assert.deepEqual((await waitForCallback({ type: 66 })).code, 200);
      assert.ok(!fixture.sentTexts('Alice').includes('denied'));
      await fixture.remote.stop();
      await fixture.startRemote();
    });
  });

  describe('login and logout', () => {
    it('run by task, with the QR code on request', async () => {
      enqueueTasks({ api: 'getLoginQrCode', code: 36 });
      assert.match(String((await waitForCallback({ api: 'getLoginQrCode', code: -1 })).message), /logged in/);
      enqueueTasks({ api: 'outLogin', code: 39 });
      assert.deepEqual((await waitForCallback({ type: 90 })).hex, '0A0408001200');
      enqueueTasks({ api: 'getLoginStatus', code: 20, info: 'thisaaa' });
      const status = await waitForCallback({ type: 66 });
      assert.deepEqual([status.code, status.info, status.cwxid], [-1, 'thisaaa', fixture.simulation.self.id]);
      enqueueTasks({ api: 'getLoginQrCode', code: 36 });
      const { message } = await fixture.service.waitForCallback(
        ({ code, type }) => code === 401 && type === undefined,
      );
      assert.equal(message, fixture.simulation.qrCode);
      fixture.service.callbacks.splice(0);
      enqueueTasks({ api: 'getLoginQrCode', code: 36 });
      await fixture.service.waitForCallback(({ code }) => code === 401);
      await fixture.simulation.scan();
      await waitForCallback({ type: 67, code: 200 });
      const self = await waitForCallback({ type: 71 });
      assert.equal(self.wxid, fixture.simulation.self.id);
      await fixture.simulated.untilState('ready');
      assert.doesNotMatch(JSON.stringify([fixture.log, fixture.auditRecords]), new RegExp(String(message)));
    });

    it('on the phone are posted', async () => {
      await fixture.simulation.phoneLogout();
      const { hex } = await waitForCallback({ type: 98 });
      assert.match(Buffer.from(String(hex), 'hex').toString('latin1'), /phone/);
    });
  });
});
