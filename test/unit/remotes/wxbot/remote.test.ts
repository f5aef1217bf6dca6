import assert from 'node:assert/strict';
import { SimulatedBot } from '../../../support/simulated-bot';
import { Setting, type SyncClient } from './fixture';

const alice = { Token: 't1', UserName: 'wxid_alice' };
const bytes = Buffer.from('bytes of a file');
const base64 = bytes.toString('base64');

describe('a WXBot remote', () => {
  let setting: Setting;
  before(async () => {
    setting = await Setting.start();
  });
  after(() => setting.end());

  const sentTo = (who: string) => setting.world.messages({ conversation: setting.world.contact(who) }).at(-1);

  describe('asked to send', () => {
    it('sends a text to a person or a room, and tells which message it is', async () => {
      const { status, ok, retCode, cost, result } = await setting.say('你好');
      assert.deepEqual({ status, ok, retCode, cost }, { status: 200, ok: true, retCode: 0, cost: true });
      const sent = sentTo('Alice');
      assert.equal(sent?.text, '你好');
      assert.equal(String(result?.NewMsgId), sent.id);
      assert.equal(result?.ToUserName, 'wxid_alice');
      const team = setting.world.room('Team').id;
      assert.equal((await setting.say('to the room', { UserName: team })).ok, true);
      assert.equal(
        setting.world.messages({ conversation: setting.world.room('Team') }).at(-1)?.text,
        'to the room',
      );
    });

    it('sends an image, a voice and a video, each by its path and by its shape', async () => {
      const kinds = {
        sendImage: [{ Base64Image: `data:base64;image/png,${base64}` }, 'image', 'image.jpg'],
        sendVoice: [{ Type: 2, DataFileBase64: base64, VoiceTime: 2000 }, 'audio', 'voice.mp3'],
        sendVideo: [{ VideoFileBase64: base64, ImageFileBase64: 'eHg=', VideoTime: 1 }, 'video', 'video.mp4'],
      } as const;
      for (const [name, [fields, kind, filename]] of Object.entries(kinds)) {
        for (const path of [name, 'sendText']) {
          const { ok, cost, error } = await setting.post(path, { ...alice, ...fields });
          assert.deepEqual([ok, cost], [true, true], error);
          assert.deepEqual(sentTo('Alice')?.content, { kind, name: filename, data: bytes });
        }
      }
    });

    it('tells the owner, without token and files', async () => {
      const telling = setting.handled.following(({ name }) => name === 'sendImage');
      await setting.post('sendImage', { ...alice, Base64Image: base64 });
      const { ms, ...told } = await telling;
      assert.ok(ms >= 0);
      assert.deepEqual(told, {
        name: 'sendImage',
        params: { bot: 'Shop', UserName: 'wxid_alice', Base64Image: '15 bytes' },
        code: 0,
        message: 'success',
        reqId: '',
      });
    });

    it('says what is wrong by the codes of the protocol', async () => {
      const cases: [
        code: number,
        status: number,
        path: string,
        body: unknown,
        query?: string,
        method?: string,
      ][] = [
        [1001, 200, 'sendText', 'no JSON'],
        [1001, 200, 'sendText', { ...alice }],
        [1001, 200, 'sendText', { ...alice, Content: '  ' }],
        [1001, 200, 'sendVoice', { ...alice, DataFileBase64: base64, Type: 9 }],
        [1001, 200, 'sendImage', { ...alice, Base64Image: 'http://127.0.0.1:1/' }],
        [1001, 200, 'sendImage', { ...alice, Base64Image: '../../../etc/passwd' }],
        [
          1001,
          200,
          'sendImage',
          { ...alice, Base64Image: Buffer.alloc(2.5 * 1024 * 1024).toString('base64') },
        ],
        [1001, 413, 'sendImage', { ...alice, Base64Image: Buffer.alloc(4 * 1024 * 1024).toString('base64') }],
        [1002, 200, 'sendText', { ...alice, UserName: 'wxid_nobody', Content: 'x' }],
        [1002, 200, 'sendText', { ...alice, UserName: '/./', Content: 'x' }],
        [1004, 200, 'sendText', { ...alice, Token: 't2', Content: 'x' }],
        [1004, 200, 'sendText', { ...alice, Content: 'x' }, '?key='],
        [1004, 200, 'sendText', { ...alice, Content: 'x' }, ''],
        [1001, 404, 'sendFile', { ...alice, Content: 'x' }],
        [1001, 404, '/', ''],
        [1001, 404, '/wxapi/pc/message/../../../../etc/passwd', ''],
        [1001, 404, '/wxapi/pc/message/..%2f..%2f..%2fetc%2fpasswd', ''],
        [1001, 405, 'sendText', '', undefined, 'GET'],
      ];
      const before = setting.world.messages().length;
      for (const [retCode, status, path, body, query, method] of cases) {
        const answer = await setting.post(path, body, query, method);
        const { ok, cost, error = '' } = answer;
        const shown = JSON.stringify(body).slice(0, 80);
        assert.deepEqual([answer.retCode, answer.status, ok, cost], [retCode, status, false, false], shown);
        assert.ok(error.length > 5 && !error.includes('the-key') && !error.includes('t1'), error);
      }
      assert.equal(setting.world.messages().length, before);
    });
  });

  describe('listened to', () => {
    let client: SyncClient;
    beforeEach(async () => {
      client = await setting.connect();
    });
    afterEach(() => client.end());

    it('lets in who gives the key', async () => {
      const { type, eventType, retCode, msg } = await client.introduce();
      assert.deepEqual([type, eventType, retCode], ['AuthCheckResult', 'AuthCheckResult', 0]);
      assert.match(msg, /成功/);
    });

    it('tells what is said to the bot, by the bot and in rooms, and what else happens', async () => {
      await client.introduce();
      const { world } = setting;
      world.contact('Ming').say('hello there').to(world.self);
      const { userInfo, eventType, event } = await client.message('hello there');
      assert.deepEqual([eventType, userInfo], ['AddMsg', { wxid: 'wxid_bot', nickname: world.self.name }]);
      assert.deepEqual(
        [event.MsgType, event.FromUserName.string, event.ToUserName.string],
        [1, 'wxid_ming', 'wxid_bot'],
      );
      world.contact('Ming').say('hello all').in('Team');
      const inRoom = (await client.message('hello all')).event;
      assert.deepEqual(
        [inRoom.FromUserName.string, inRoom.Content.string],
        [world.room('Team').id, 'wxid_ming:\nhello all'],
      );
      await setting.say('said by HTTP');
      assert.equal((await client.message('said by HTTP')).event.FromUserName.string, 'wxid_bot');
      world
        .contact('Ming')
        .say({ kind: 'url', url: { url: 'https://example.com', title: 'A' } })
        .to(world.self);
      assert.equal((await client.message('https://example.com')).event.MsgType, 49);
    });

    it('keeps the order of what needs to be asked for and what does not', async () => {
      await client.introduce();
      const { world } = setting;
      const ming = world.contact('Ming');
      for (let index = 0; index < 20; index += 1) {
        ming
          .say({ kind: 'url', url: { url: `https://example.com/no${index}`, title: `no${index}` } })
          .to(world.self);
        ming.say(`text${index}`).to(world.self);
      }
      await client.message('text19');
      const told = client.heard.all.flatMap((text) => /(?:com\/no|text)(\d+)/.exec(text)?.[1] ?? []);
      assert.deepEqual(
        told,
        Array.from({ length: 40 }, (_none, index) => String(Math.floor(index / 2))),
      );
    });

    it('keeps ids of 64 bits exact', async () => {
      await client.introduce();
      const [bot] = setting.bots;
      assert.ok(bot);
      const heard = bot.next('message');
      setting.world.contact('Ming').say('to be copied').to(setting.world.self);
      const { id } = (await heard).message as { id: string };
      const frame = await client.heard.next((text) => text.includes('to be copied'));
      assert.ok(frame.includes(`"NewMsgId":${id},`), frame);
    });

    it('tells nobody anything who did not give the key', async () => {
      const other = await setting.listening();
      client.send('{"app":"wxbot"}');
      setting.world.contact('Ming').say('a secret').to(setting.world.self);
      await other.message('a secret');
      await other.end();
      // What was sent to it would have come before this.
      assert.equal((await client.introduce()).retCode, 0);
      assert.equal(client.heard.all.length, 1);
    });

    it('turns away who gives another key, or speaks something else', async () => {
      const wrong = [
        ['wrong', {}],
        ['', {}],
        [undefined, { app: 'other', key: 'the-key-of-the-owner' }],
        [undefined, { version: '2.0', key: 'the-key-of-the-owner' }],
      ] as const;
      for (const [itsKey, more] of wrong) {
        const stranger = await setting.connect();
        const { retCode, type, eventType } = await stranger.introduce(itsKey, more);
        assert.deepEqual([retCode, type, eventType], [1000, 'AuthCheckResult', 'AuthCheckResult']);
        assert.equal(await stranger.closed(), 1008);
      }
    });
  });

  it('shows where it listens, and who does', async () => {
    const { state, address, lastError } = setting.remote.status;
    assert.deepEqual([state, lastError], ['listening', '']);
    assert.match(address, /^127\.0\.0\.1:[1-9]\d+$/);
    const before = setting.remote.status.clients;
    const client = await setting.listening();
    assert.equal(setting.remote.status.clients, before + 1);
    await client.end();
  });
});

describe('a WXBot remote of several bots', () => {
  const tokens = [
    { token: 't1', bot: '' },
    { token: 't2', bot: 'Desk' },
    { token: 't3', bot: 'Desk' },
    { token: 't4', bot: 'Nobody' },
  ];
  let setting: Setting;
  let client: SyncClient;
  beforeEach(async () => {
    setting = await Setting.start({ tokens }, 'Desk', 'Unmeant');
    client = await setting.listening();
  });
  afterEach(async () => {
    await client.end();
    await setting.end();
  });

  const hears = (index: number, text: string): void => {
    const { world } = setting.bots[index] ?? setting;
    world.contact('Ming').say(text).to(world.self);
  };
  const said = (index: number): (string | undefined)[] =>
    (setting.bots[index]?.world.messages() ?? [])
      .filter(({ talkerId }) => talkerId === 'wxid_bot')
      .map(({ text }) => text);

  it('sends by the bot whose token it is', async () => {
    for (const Token of ['t1', 't2', 't3']) await setting.say(`by ${Token}`, { Token });
    assert.deepEqual([said(0), said(1), said(2)], [['by t1'], ['by t2', 'by t3'], []]);
    assert.equal((await setting.say('x', { Token: 't4' })).retCode, 1003);
  });

  it('tells of the messages of all bots that have a token, of each once', async () => {
    hears(2, 'unheard');
    hears(0, 'first');
    hears(1, 'second');
    await client.message('first');
    await client.message('second');
    hears(0, 'last');
    await client.message('last');
    const told = client.heard.all.filter((text) => text.includes('AddMsg'));
    assert.equal(told.length, 3);
  });

  it('says which bot is missing, and finds it when it comes', async () => {
    assert.match(setting.remote.status.lastError, /Nobody/);
    const newcomer = await SimulatedBot.start();
    setting.found.known.set('Nobody', newcomer.bot);
    setting.found.changed();
    assert.equal(setting.remote.status.lastError, '');
    newcomer.world.contact('Ming').say('hello newcomer').to(newcomer.world.self);
    await client.message('hello newcomer');
    assert.equal((await setting.say('x', { Token: 't4' })).ok, true);
    setting.found.known.delete('Nobody');
    setting.found.changed();
    newcomer.world.contact('Ming').say('not any more').to(newcomer.world.self);
    hears(0, 'after it');
    await client.message('after it');
    assert.ok(!client.heard.all.some((text) => text.includes('not any more')));
    await newcomer.end();
  });
});

describe('a WXBot remote with other settings', () => {
  let setting: Setting | undefined;
  afterEach(() => setting?.end());

  it('lets anybody on this machine in where there is no key, with any token where there is none', async () => {
    setting = await Setting.start({ key: '', tokens: [] });
    const client = await setting.connect();
    assert.equal((await client.introduce('anything')).retCode, 0);
    await client.end();
    const answer = await setting.post('sendText', { Token: 'any', UserName: 'wxid_alice', Content: 'x' }, '');
    assert.equal(answer.ok, true);
  });

  it('does not listen beyond this machine without a key', async () => {
    await assert.rejects(Setting.start({ key: '', host: '0.0.0.0' }), /0\.0\.0\.0/);
  });

  it('sends nothing where the owner forbids it, and tells all the same', async () => {
    setting = await Setting.start({ permits: { allow: ['read-only'], deny: [] } });
    const { retCode, cost } = await setting.say('x');
    assert.deepEqual([retCode, cost], [1004, false]);
    const client = await setting.listening();
    setting.world
      .contact('Ming')
      .say({ kind: 'url', url: { url: 'https://example.com', title: 'A' } })
      .to(setting.world.self);
    await client.message('https://example.com');
    await client.end();
  });

  it('says what became of a send that WeChat did not take, and when not to try again', async () => {
    setting = await Setting.start();
    setting.world.faults = { rejectSends: true };
    const rejected = await setting.say('x');
    assert.deepEqual([rejected.ok, rejected.retCode, rejected.cost], [false, 1000, true]);
    const [bot] = setting.bots;
    await bot?.bot.stop();
    const absent = await setting.say('x');
    assert.deepEqual([absent.ok, absent.retCode, absent.cost], [false, 1003, false]);
  });
});
