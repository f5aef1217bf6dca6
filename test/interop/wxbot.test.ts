/** The examples of the WXBot document, its Python program, and curl as clients. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults } from '../../src/nodes/wxbot-remote/properties';
import type { MessageView } from '../../src/bot/views';
import { type MessageEvent, encodeAddMsg } from '../../src/remotes/wxbot/add-msg';
import { messageIds } from '../../src/remotes/wxbot/message-ids';
import {
  decodeHandshake,
  decodeSend,
  sendNameOf,
  encodeAuthResult,
  encodeFailure,
  encodeSent,
} from '../../src/remotes/wxbot/wire';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';
import { skipIfMissing } from './required-tools';
import { ExternalProgram, websocketsMissing } from './external-program';
import {
  documentMissing,
  program,
  exampleEvent,
  exampleHandshake,
  exampleRequests,
  exampleResults,
} from './wxbot-document';

const parse = (json: string) => JSON.parse(json) as Record<string, unknown>;

const textMessage: MessageView = {
  id: '1',
  type: 'Text',
  text: 'hello',
  timestamp: 1_700_000_000_000,
  self: false,
  mentionIds: [],
  mentionsSelf: false,
  mentionsAll: false,
};

describe('WXBot document', () => {
  before(function () {
    skipIfMissing.call(this, documentMissing());
  });

  it('has a handshake that is decoded', () => {
    const example = exampleHandshake();
    const handshake = decodeHandshake(Buffer.from(JSON.stringify(example)));
    assert.deepEqual(handshake, { key: example.key, isSupported: true });
  });

  it('has handshake results whose fields all exist', () => {
    const [fine, wrong] = exampleResults('接收鉴权结果');
    const ours = [parse(encodeAuthResult(0, 'yes')), parse(encodeAuthResult(1000, 'no'))];
    for (const [index, example] of [fine, wrong].entries()) {
      assert.ok(example);
      for (const [name, value] of Object.entries(example)) {
        if (name !== 'msg') assert.equal(ours[index]?.[name], value, name);
      }
      assert.equal(typeof ours[index]?.msg, typeof example.msg);
    }
  });

  it('has requests that are decoded', () => {
    const decoded = exampleRequests().map(({ path, body }) => {
      const named = sendNameOf(path);
      assert.ok(named, path);
      // The document omits the files.
      const files = Object.fromEntries(
        Object.entries(body).map(([name, value]) => [
          name,
          typeof value === 'string' ? value.replace(/(\*{6}|x{6,})$/, 'eHh4') : value,
        ]),
      );
      const { name, to, token, content } = decodeSend(named, Buffer.from(JSON.stringify(files)), 1024);
      assert.deepEqual([to, token], [body.UserName, body.Token]);
      return [named, name, content];
    });
    assert.deepEqual(decoded, [
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

  it('has responses with our fields', () => {
    const [fine, failed] = exampleResults('返回示例');
    assert.ok(fine && failed);
    const sent = parse(encodeSent('wxid_1', messageIds('7'), 1000));
    assert.deepEqual(Object.keys(sent).sort(), Object.keys(fine).sort());
    assert.deepEqual([sent.ok, sent.retCode, sent.cost], [fine.ok, fine.retCode, fine.cost]);
    const { error, ...rest } = parse(encodeFailure(1001, 'wrong'));
    assert.deepEqual(rest, failed);
    assert.equal(error, 'wrong');
  });

  it('has events with our fields', () => {
    const example = exampleEvent();
    const event: MessageEvent = { message: textMessage, talker: null, room: null, listener: null };
    const ours = parse(encodeAddMsg(event, 'x', { wxid: 'wxid_1', nickname: 'one' }, 1));
    assert.deepEqual(Object.keys(ours).sort(), Object.keys(example).sort());
    assert.deepEqual(Object.keys(ours.userInfo as object), Object.keys(example.userInfo as object));
    assert.equal(ours.eventType, example.eventType);
  });
});

describe('WxbotRemote with external clients', function () {
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

  /** Sends a text to a bot. */
  const receive = (bot: string, text: string): Promise<void> =>
    nodeRed.simulation(
      bot,
      (simulation, what) => void simulation.contact('Ming').say(what).to(simulation.self),
      text,
    );

  describe("the document's program", () => {
    before(function () {
      skipIfMissing.call(this, documentMissing() ?? websocketsMissing());
    });

    it('receives the messages of all bots of the key', async () => {
      const client = ExternalProgram.ofSource('py', program(`ws://${address}`, 'the-key'));
      assert.match(await client.line(/鉴权结果/), /'retCode': 0/);
      for (const bot of ['shop', 'desk']) {
        await receive(bot, `你好 from ${bot}`);
        const line = await client.line(new RegExp(`收到新消息.*你好 from ${bot}`));
        assert.match(line, /'eventType': 'AddMsg'/);
        const id = /'NewMsgId': (\d+)/.exec(line)?.[1];
        const texts = await nodeRed.simulation(
          bot,
          (simulation, it) => simulation.messages().find((one) => one.id === it)?.text,
          id,
        );
        assert.equal(texts, `你好 from ${bot}`);
      }
      client.end();
    });

    it('ends with a wrong key', async () => {
      const client = ExternalProgram.ofSource('py', program(`ws://${address}`, 'not-the-key'));
      assert.match(await client.line(/鉴权结果/), /'retCode': 1000/);
      assert.equal(await client.exitCode(), 0);
    });

    it('reconnects after a restart of the server', async () => {
      const client = ExternalProgram.ofSource(
        'py',
        program(`ws://${address}`, 'the-key').replace('sleep(10)', 'sleep(0.1)'),
      );
      await client.line(/'retCode': 0/);
      await nodeRed.restart();
      await client.line(/'retCode': 0/);
      await nodeRed.status('remote', /connections: 1$/);
      await receive('shop', 'after the break');
      await client.line(/after the break/);
      client.end();
    });
  });

  describe('curl', () => {
    /** Runs curl and returns the JSON it prints. */
    const curl = async (
      path: string,
      body: object,
      ...options: string[]
    ): Promise<Record<string, unknown>> => {
      const process = new ExternalProgram('curl', [
        '--silent',
        ...options,
        '--data',
        JSON.stringify(body),
        `http://${address}/wxapi/pc/message/${path}?key=the-key`,
      ]);
      return parse(await process.line(/^\{/));
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
      const kinds = await nodeRed.simulation('desk', (simulation) =>
        simulation
          .messages({ conversation: simulation.contact('Alice') })
          .slice(-4)
          .map(({ content }) => content.kind),
      );
      assert.deepEqual(kinds, ['text', 'image', 'audio', 'video']);
    });

    it('receives errors', async () => {
      const { ok, retCode, cost } = await curl('sendText', { ...to, Token: 'other', Content: 'x' });
      assert.deepEqual([ok, retCode, cost], [false, 1004, false]);
    });

    it('sends a large body with Expect: 100-continue', async () => {
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
