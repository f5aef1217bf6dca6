/** The protocol's document: what it shows is understood and answered, and its own program works as it stands there. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/wxbot-remote/properties';
import type { MessageView } from '../../src/bot/views';
import { type ToldMessage, writeAddMsg } from '../../src/remotes/wxbot/add-msg';
import { messageIds } from '../../src/remotes/wxbot/message-ids';
import {
  readIntroduction,
  readSend,
  sendAt,
  writeAuthResult,
  writeFailure,
  writeSent,
} from '../../src/remotes/wxbot/wire';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';
import { needs } from './required-tools';
import { Program, websocketsMissing } from './external-program';
import {
  documentMissing,
  program,
  shownEvent,
  shownIntroduction,
  shownRequests,
  shownResults,
} from './wxbot-document';

const parse = (json: string) => JSON.parse(json) as Record<string, unknown>;

const said: MessageView = {
  id: '1',
  type: 'Text',
  text: 'hello',
  timestamp: 1_700_000_000_000,
  self: false,
  mentionIds: [],
  mentionsSelf: false,
};

describe('the examples in the document of WXBot', () => {
  before(function () {
    needs.call(this, documentMissing());
  });

  it('introduce a client', () => {
    const shown = shownIntroduction();
    const introduction = readIntroduction(Buffer.from(JSON.stringify(shown)));
    assert.deepEqual(introduction, { key: shown.key, isKnown: true });
  });

  it('have everything that is in the results of authentication', () => {
    const [fine, wrong] = shownResults('接收鉴权结果');
    const ours = [parse(writeAuthResult(0, 'yes')), parse(writeAuthResult(1000, 'no'))];
    for (const [index, shown] of [fine, wrong].entries()) {
      assert.ok(shown);
      for (const [name, value] of Object.entries(shown)) {
        if (name !== 'msg') assert.equal(ours[index]?.[name], value, name);
      }
      assert.equal(typeof ours[index]?.msg, typeof shown.msg);
    }
  });

  it('ask for what is then sent, under the path they show', () => {
    const understood = shownRequests().map(({ path, body }) => {
      const named = sendAt(path);
      assert.ok(named, path);
      // The document hides what is in the files.
      const files = Object.fromEntries(
        Object.entries(body).map(([name, value]) => [
          name,
          typeof value === 'string' ? value.replace(/(\*{6}|x{6,})$/, 'eHh4') : value,
        ]),
      );
      const { name, to, token, content } = readSend(named, Buffer.from(JSON.stringify(files)), 1024);
      assert.deepEqual([to, token], [body.UserName, body.Token]);
      return [named, name, content];
    });
    assert.deepEqual(understood, [
      ['sendText', 'sendText', { messageType: 'Text', messagePayload: '你好' }],
      [
        'sendImage',
        'sendImage',
        { messageType: 'Image', messagePayload: { base64: 'eHh4', name: 'image.jpg' } },
      ],
      [
        'sendText',
        'sendVoice',
        { messageType: 'Audio', messagePayload: { base64: 'eHh4', name: 'voice.amr', voiceLength: 2000 } },
      ],
      [
        'sendText',
        'sendVideo',
        { messageType: 'Video', messagePayload: { base64: 'eHh4', name: 'video.mp4' } },
      ],
    ]);
  });

  it('have the fields of our answers', () => {
    const [fine, failed] = shownResults('返回示例');
    assert.ok(fine && failed);
    const sent = parse(writeSent('wxid_1', messageIds('7'), 1000));
    assert.deepEqual(Object.keys(sent).sort(), Object.keys(fine).sort());
    assert.deepEqual([sent.ok, sent.retCode, sent.cost], [fine.ok, fine.retCode, fine.cost]);
    const { error, ...rest } = parse(writeFailure(1001, 'wrong'));
    assert.deepEqual(rest, failed);
    assert.equal(error, 'wrong');
  });

  it('have the fields of our events', () => {
    const shown = shownEvent();
    const told: ToldMessage = { message: said, talker: null, room: null, listener: null };
    const ours = parse(writeAddMsg(told, 'x', { wxid: 'wxid_1', nickname: 'one' }, 1));
    assert.deepEqual(Object.keys(ours).sort(), Object.keys(shown).sort());
    assert.deepEqual(Object.keys(ours.userInfo as object), Object.keys(shown.userInfo as object));
    assert.equal(ours.eventType, shown.eventType);
  });
});

describe('programs by others, as clients of WXBot', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let address: string;
  before(async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    address = `127.0.0.1:${port}`;
    const credentials = { key: 'the-key', tokens: 'token-1\ntoken-2 = Front desk' };
    const remote = { ...defaults, id: 'remote', type: 'wechat-wxbot-remote', bot: 'shop' };
    nodeRed = await startNodeRed({
      flows: flow(
        { ...botDefaults, id: 'shop', type: 'wechat-bot', name: 'Shop' },
        { ...botDefaults, id: 'desk', type: 'wechat-bot', name: 'Front desk' },
        { ...remote, port: String(port), credentials, wires: [[]] },
      ),
    });
    await nodeRed.status('remote', /^listening/);
  });
  after(() => nodeRed.stop());

  /** Has somebody say something to a bot. */
  const said = (bot: string, text: string): Promise<void> =>
    nodeRed.world(bot, (world, what) => void world.contact('Ming').say(what).to(world.self), text);

  describe("the document's own", () => {
    before(function () {
      needs.call(this, documentMissing() ?? websocketsMissing());
    });

    it('is let in and hears every bot of the key', async () => {
      const client = Program.ofSource('py', program(`ws://${address}`, 'the-key'));
      assert.match(await client.line(/鉴权结果/), /'retCode': 0/);
      for (const bot of ['shop', 'desk']) {
        await said(bot, `你好 from ${bot}`);
        const line = await client.line(new RegExp(`收到新消息.*你好 from ${bot}`));
        assert.match(line, /'eventType': 'AddMsg'/);
        const id = /'NewMsgId': (\d+)/.exec(line)?.[1];
        const texts = await nodeRed.world(
          bot,
          (world, it) => world.messages().find((one) => one.id === it)?.text,
          id,
        );
        assert.equal(texts, `你好 from ${bot}`);
      }
      client.end();
    });

    it('gives up where its key is wrong', async () => {
      const client = Program.ofSource('py', program(`ws://${address}`, 'not-the-key'));
      assert.match(await client.line(/鉴权结果/), /'retCode': 1000/);
      assert.equal(await client.ended(), 0);
    });

    it('comes back after the server was away', async () => {
      const client = Program.ofSource(
        'py',
        program(`ws://${address}`, 'the-key').replace('sleep(10)', 'sleep(0.1)'),
      );
      await client.line(/'retCode': 0/);
      await nodeRed.restart();
      await client.line(/'retCode': 0/);
      await nodeRed.status('remote', /connections: 1$/);
      await said('shop', 'after the break');
      await client.line(/after the break/);
      client.end();
    });
  });

  describe('curl', () => {
    /** What curl prints of a request to a path, with a body it reads from its input. */
    const curl = async (
      path: string,
      body: object,
      ...options: string[]
    ): Promise<Record<string, unknown>> => {
      const asked = new Program('curl', [
        '--silent',
        ...options,
        '--data',
        JSON.stringify(body),
        `http://${address}/wxapi/pc/message/${path}?key=the-key`,
      ]);
      return parse(await asked.line(/^\{/));
    };
    const to = { Token: 'token-2', UserName: 'wxid_alice' };
    const base64 = Buffer.from('bytes').toString('base64');

    it('sends a text, an image, a voice and a video', async () => {
      const bodies = {
        sendText: { ...to, Content: '你好' },
        sendImage: { ...to, Base64Image: `data:base64;image/png,${base64}` },
        sendVoice: { ...to, Type: 0, DataFileBase64: base64, VoiceTime: 2000 },
        sendVideo: { ...to, VideoFileBase64: base64, ImageFileBase64: base64, VideoTime: 10_000 },
      };
      for (const [name, body] of Object.entries(bodies)) {
        const { ok, retCode, cost } = await curl(name, body);
        assert.deepEqual([ok, retCode, cost], [true, 0, true], name);
      }
      const kinds = await nodeRed.world('desk', (world) =>
        world
          .messages({ conversation: world.contact('Alice') })
          .slice(-4)
          .map(({ content }) => content.kind),
      );
      assert.deepEqual(kinds, ['text', 'image', 'audio', 'video']);
    });

    it('is told what is wrong', async () => {
      const { ok, retCode, cost } = await curl('sendText', { ...to, Token: 'other', Content: 'x' });
      assert.deepEqual([ok, retCode, cost], [false, 1004, false]);
    });

    it('need not wait to be asked for a large body', async () => {
      const { retCode } = await curl(
        'sendText',
        { ...to, Content: 'x'.repeat(50_000) },
        '--header',
        'Expect: 100-continue',
      );
      assert.equal(retCode, 0);
    });
  });
});
