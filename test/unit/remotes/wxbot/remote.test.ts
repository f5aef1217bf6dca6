import assert from 'node:assert/strict';
import { SimulatedBot } from '../../../support/simulated-bot';
import { key, WxbotFixture, type WxbotTestClient } from './fixture';

const alice = { Token: 't1', UserName: 'wxid_alice' };
const bytes = Buffer.from('bytes of a file');
const base64 = bytes.toString('base64');

describe('WxbotRemote', () => {
  let fixture: WxbotFixture;
  before(async () => {
    fixture = await WxbotFixture.start();
  });
  after(() => fixture.end());

  const sentTo = (who: string) =>
    fixture.simulation.messages({ conversation: fixture.simulation.contact(who) }).at(-1);

  describe('requests', () => {
    it('sends a text to a contact or a room and returns the message id', async () => {
      const { status, ok, retCode, cost, result } = await fixture.sendText('你好');
      assert.deepEqual({ status, ok, retCode, cost }, { status: 200, ok: true, retCode: 0, cost: true });
      const sent = sentTo('Alice');
      assert.equal(sent?.text, '你好');
      assert.equal(String(result?.NewMsgId), sent.id);
      assert.equal(result?.ToUserName, 'wxid_alice');
      const team = fixture.simulation.room('Team').id;
      assert.equal((await fixture.sendText('to the room', { UserName: team })).ok, true);
      assert.equal(
        fixture.simulation.messages({ conversation: fixture.simulation.room('Team') }).at(-1)?.text,
        'to the room',
      );
    });

    it('sends an image, a voice and a video, by path or by fields', async () => {
      const kinds = {
        sendImage: [{ Base64Image: `data:base64;image/png,${base64}` }, 'image', 'image.jpg'],
        sendVoice: [{ Type: 2, DataFileBase64: base64, VoiceTime: 2000 }, 'audio', 'voice.mp3'],
        sendVideo: [{ VideoFileBase64: base64, ImageFileBase64: 'eHg=', VideoTime: 1 }, 'video', 'video.mp4'],
      } as const;
      for (const [name, [fields, kind, filename]] of Object.entries(kinds)) {
        for (const path of [name, 'sendText']) {
          const { ok, cost, error } = await fixture.post(path, { ...alice, ...fields });
          assert.deepEqual([ok, cost], [true, true], error);
          assert.deepEqual(sentTo('Alice')?.content, { kind, name: filename, data: bytes });
        }
      }
    });

    it('are audited without token and files', async () => {
      const audited = fixture.audits.nextArrival(({ name }) => name === 'sendImage');
      await fixture.post('sendImage', { ...alice, Base64Image: base64 });
      const { ms, ...record } = await audited;
      assert.ok(ms >= 0);
      assert.deepEqual(record, {
        name: 'sendImage',
        params: { bot: 'Shop', Token: '***', UserName: 'wxid_alice', Base64Image: '(20 characters)' },
        code: 0,
        message: 'success',
        reqId: '',
      });
    });

    it('reject errors with the return codes of the protocol', async () => {
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
      const before = fixture.simulation.messages().length;
      for (const [retCode, status, path, body, query, method] of cases) {
        const answer = await fixture.post(path, body, query, method);
        const { ok, cost, error = '' } = answer;
        const label = JSON.stringify(body).slice(0, 80);
        assert.deepEqual([answer.retCode, answer.status, ok, cost], [retCode, status, false, false], label);
        assert.ok(error.length > 5 && !error.includes('the-configured-key') && !error.includes('t1'), error);
      }
      assert.equal(fixture.simulation.messages().length, before);
    });
  });

  describe('WebSocket', () => {
    let client: WxbotTestClient;
    beforeEach(async () => {
      client = await fixture.connect();
    });
    afterEach(() => client.end());

    it('accepts the key', async () => {
      const { type, eventType, retCode, msg } = await client.handshake();
      assert.deepEqual([type, eventType, retCode], ['AuthCheckResult', 'AuthCheckResult', 0]);
      assert.match(msg, /成功/);
    });

    it('sends messages to the bot, by the bot and in rooms', async () => {
      await client.handshake();
      const { simulation } = fixture;
      simulation.contact('Ming').say('hello there').to(simulation.self);
      const { userInfo, eventType, event } = await client.nextMessage('hello there');
      assert.deepEqual(
        [eventType, userInfo],
        ['AddMsg', { wxid: 'wxid_bot', nickname: simulation.self.name }],
      );
      assert.deepEqual(
        [event.MsgType, event.FromUserName.string, event.ToUserName.string],
        [1, 'wxid_ming', 'wxid_bot'],
      );
      simulation.contact('Ming').say('hello all').in('Team');
      const inRoom = (await client.nextMessage('hello all')).event;
      assert.deepEqual(
        [inRoom.FromUserName.string, inRoom.Content.string],
        [simulation.room('Team').id, 'wxid_ming:\nhello all'],
      );
      await fixture.sendText('sent by HTTP');
      assert.equal((await client.nextMessage('sent by HTTP')).event.FromUserName.string, 'wxid_bot');
      simulation
        .contact('Ming')
        .say({ kind: 'url', url: { url: 'https://example.com', title: 'A' } })
        .to(simulation.self);
      assert.equal((await client.nextMessage('https://example.com')).event.MsgType, 49);
    });

    it('keeps the order of messages with and without loaded content', async () => {
      await client.handshake();
      const { simulation } = fixture;
      const ming = simulation.contact('Ming');
      for (let index = 0; index < 20; index += 1) {
        ming
          .say({ kind: 'url', url: { url: `https://example.com/no${index}`, title: `no${index}` } })
          .to(simulation.self);
        ming.say(`text${index}`).to(simulation.self);
      }
      await client.nextMessage('text19');
      const frames = client.received.all.flatMap((text) => /(?:com\/no|text)(\d+)/.exec(text)?.[1] ?? []);
      assert.deepEqual(
        frames,
        Array.from({ length: 40 }, (_none, index) => String(Math.floor(index / 2))),
      );
    });

    it('sends exact 64-bit ids', async () => {
      await client.handshake();
      const [bot] = fixture.bots;
      assert.ok(bot);
      const arrived = bot.nextEvent('message');
      fixture.simulation.contact('Ming').say('to be copied').to(fixture.simulation.self);
      const { id } = (await arrived).message as { id: string };
      const frame = await client.received.next((text) => text.includes('to be copied'));
      assert.ok(frame.includes(`"NewMsgId":${id},`), frame);
    });

    it('sends nothing before the handshake', async () => {
      const other = await fixture.authenticatedClient();
      client.send('{"app":"wxbot"}');
      fixture.simulation.contact('Ming').say('a secret').to(fixture.simulation.self);
      await other.nextMessage('a secret');
      await other.end();
      // Anything sent before would have arrived before this.
      assert.equal((await client.handshake()).retCode, 0);
      assert.equal(client.received.all.length, 1);
    });

    it('rejects a wrong key and another protocol', async () => {
      const wrong = [
        ['wrong', {}],
        ['', {}],
        [undefined, { app: 'other', key: key }],
        [undefined, { version: '2.0', key: key }],
      ] as const;
      for (const [candidate, more] of wrong) {
        const rejected = await fixture.connect();
        const { retCode, type, eventType } = await rejected.handshake(candidate, more);
        assert.deepEqual([retCode, type, eventType], [1000, 'AuthCheckResult', 'AuthCheckResult']);
        assert.equal(await rejected.closed(), 1008);
      }
    });
  });

  it('reports address and clients', async () => {
    const { state, address, lastError } = fixture.remote.status;
    assert.deepEqual([state, lastError], ['listening', '']);
    assert.match(address, /^127\.0\.0\.1:[1-9]\d+$/);
    const before = fixture.remote.status.clients;
    const client = await fixture.authenticatedClient();
    assert.equal(fixture.remote.status.clients, before + 1);
    await client.end();
  });
});

describe('WxbotRemote with several bots', () => {
  const tokens = [
    { token: 't1', bot: '' },
    { token: 't2', bot: 'Desk' },
    { token: 't3', bot: 'Desk' },
    { token: 't4', bot: 'Nobody' },
  ];
  let fixture: WxbotFixture;
  let client: WxbotTestClient;
  beforeEach(async () => {
    fixture = await WxbotFixture.start({ tokens }, 'Desk', 'Unmeant');
    client = await fixture.authenticatedClient();
  });
  afterEach(async () => {
    await client.end();
    await fixture.end();
  });

  const receive = (index: number, text: string): void => {
    const { simulation } = fixture.bots[index] ?? fixture;
    simulation.contact('Ming').say(text).to(simulation.self);
  };
  const sentBy = (index: number): (string | undefined)[] =>
    (fixture.bots[index]?.simulation.messages() ?? [])
      .filter(({ talkerId }) => talkerId === 'wxid_bot')
      .map(({ text }) => text);

  it('sends with the bot of the token', async () => {
    for (const Token of ['t1', 't2', 't3']) await fixture.sendText(`by ${Token}`, { Token });
    assert.deepEqual([sentBy(0), sentBy(1), sentBy(2)], [['by t1'], ['by t2', 'by t3'], []]);
    assert.equal((await fixture.sendText('x', { Token: 't4' })).retCode, 1003);
  });

  it('sends the messages of all bots with a token, once each', async () => {
    receive(2, 'unheard');
    receive(0, 'first');
    receive(1, 'second');
    await client.nextMessage('first');
    await client.nextMessage('second');
    receive(0, 'last');
    await client.nextMessage('last');
    const frames = client.received.all.filter((text) => text.includes('AddMsg'));
    assert.equal(frames.length, 3);
  });

  it('reports a missing bot and finds it after a deploy', async () => {
    assert.match(fixture.remote.status.lastError, /Nobody/);
    const newcomer = await SimulatedBot.start();
    fixture.lookup.known.set('Nobody', newcomer.bot);
    fixture.lookup.changed();
    assert.equal(fixture.remote.status.lastError, '');
    newcomer.simulation.contact('Ming').say('hello newcomer').to(newcomer.simulation.self);
    await client.nextMessage('hello newcomer');
    assert.equal((await fixture.sendText('x', { Token: 't4' })).ok, true);
    fixture.lookup.known.delete('Nobody');
    fixture.lookup.changed();
    newcomer.simulation.contact('Ming').say('not any more').to(newcomer.simulation.self);
    receive(0, 'after it');
    await client.nextMessage('after it');
    assert.ok(!client.received.all.some((text) => text.includes('not any more')));
    await newcomer.stop();
  });
});

describe('WxbotRemote with other settings', () => {
  let fixture: WxbotFixture | undefined;
  afterEach(() => fixture?.end());

  it('accepts any key and token when none is configured', async () => {
    fixture = await WxbotFixture.start({ key: '', tokens: [] });
    const client = await fixture.connect();
    assert.equal((await client.handshake('anything')).retCode, 0);
    await client.end();
    const answer = await fixture.post('sendText', { Token: 'any', UserName: 'wxid_alice', Content: 'x' }, '');
    assert.equal(answer.ok, true);
  });

  it('refuses to listen beyond loopback without a key', async () => {
    await assert.rejects(WxbotFixture.start({ key: '', host: '0.0.0.0' }), /0\.0\.0\.0/);
  });

  it('rejects denied sends but delivers messages', async () => {
    fixture = await WxbotFixture.start({ permissions: { allow: ['read-only'], deny: [] } });
    const { retCode, cost } = await fixture.sendText('x');
    assert.deepEqual([retCode, cost], [1004, false]);
    const client = await fixture.authenticatedClient();
    fixture.simulation
      .contact('Ming')
      .say({ kind: 'url', url: { url: 'https://example.com', title: 'A' } })
      .to(fixture.simulation.self);
    await client.nextMessage('https://example.com');
    await client.end();
  });

  it('returns cost only for attempted sends', async () => {
    fixture = await WxbotFixture.start();
    fixture.simulation.faults = { rejectSends: true };
    const rejected = await fixture.sendText('x');
    assert.deepEqual([rejected.ok, rejected.retCode, rejected.cost], [false, 1000, true]);
    const [bot] = fixture.bots;
    await bot?.bot.stop();
    const absent = await fixture.sendText('x');
    assert.deepEqual([absent.ok, absent.retCode, absent.cost], [false, 1003, false]);
  });
});
