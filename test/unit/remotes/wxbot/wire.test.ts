import assert from 'node:assert/strict';
import { failure } from '../../../support/commanded-bot';
import type { MessageTypeName, MessageView } from '../../../../src/bot/views';
import { messageContent, type MessageEvent, encodeAddMsg } from '../../../../src/remotes/wxbot/add-msg';
import { retCodes } from '../../../../src/remotes/wxbot/return-codes';
import { messageIds } from '../../../../src/remotes/wxbot/message-ids';
import type { SendName } from '../../../../src/remotes/wxbot/sends';
import { parseTokens } from '../../../../src/remotes/wxbot/tokens';
import { decodeHandshake, decodeSend, sendNameOf, encodeSent } from '../../../../src/remotes/wxbot/wire';

const megabyte = 1024 * 1024;

const read = (name: SendName, body: unknown) =>
  decodeSend(name, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), megabyte);

const parse = (json: string) => JSON.parse(json) as Record<string, unknown>;

function messageView(fields: Partial<MessageView> = {}): MessageView {
  return {
    id: '1',
    type: 'Text',
    text: 'hello',
    timestamp: 1_700_000_000_000,
    self: false,
    mentionIds: [],
    mentionsSelf: false,
    mentionsAll: false,
    ...fields,
  };
}

describe('decodeHandshake and decodeSend', () => {
  it('ignore frames without a key', () => {
    for (const frame of ['', 'x', '1', 'null', '[]', '{}', '{"key":1}', `{"key":"${'x'.repeat(5000)}"}`]) {
      assert.equal(decodeHandshake(Buffer.from(frame)), undefined, frame.slice(0, 20));
    }
    const other = decodeHandshake(Buffer.from('{"app":"other","version":"1.0","key":"k"}'));
    assert.deepEqual(other, { key: 'k', isSupported: false });
  });

  it('find the request of a path', () => {
    const names = ['sendText', 'sendImage', 'sendVoice', 'sendVideo'];
    assert.deepEqual(
      names.map((name) => sendNameOf(`/wxapi/pc/message/${name}`)),
      names,
    );
    for (const path of [
      '/',
      '/wxapi/pc/message/',
      '/wxapi/pc/message/toString',
      '/wxapi/pc/message/../sendText',
    ])
      assert.equal(sendNameOf(path), undefined, path);
  });

  const to = { Token: 't', UserName: 'wxid_1' };

  it('prefer the request of the fields over that of the path', () => {
    const bodies = {
      sendText: { ...to, Content: 'x' },
      sendImage: { ...to, Base64Image: 'eHh4' },
      sendVoice: { ...to, DataFileBase64: 'eHh4', Type: 0 },
      sendVideo: { ...to, VideoFileBase64: 'eHh4' },
    };
    for (const path of Object.keys(bodies) as SendName[])
      for (const [name, body] of Object.entries(bodies)) assert.equal(read(path, body).name, name, path);
  });

  it('follow the path for bodies with several fields, and ignore empty fields', () => {
    const both = { ...to, Content: 'x', Base64Image: 'eHh4' };
    assert.equal(read('sendImage', both).name, 'sendImage');
    assert.equal(read('sendText', both).name, 'sendText');
    const all = { ...to, Content: '', Base64Image: '', DataFileBase64: '', VideoFileBase64: 'eHh4', Type: 0 };
    assert.equal(read('sendText', all).name, 'sendVideo');
  });

  it('accept Base64 with a data URL prefix and line breaks', () => {
    for (const image of ['eHh4', 'data:image/png;base64,eHh4', 'data:base64;image/png,eHh4', 'eH\r\nh4\n']) {
      const { messagePayload } = read('sendImage', { ...to, Base64Image: image }).content;
      assert.deepEqual(messagePayload, { base64: 'eHh4', name: 'image.jpg' });
    }
  });

  it('name files by their type', () => {
    const named = (bytes: string) =>
      (
        read('sendImage', { ...to, Base64Image: Buffer.from(bytes, 'hex').toString('base64') }).content
          .messagePayload as { name: string }
      ).name;
    assert.deepEqual(['89504e470d0a1a0a', '474946383961', 'ffd8ffe000'].map(named), [
      'image.png',
      'image.gif',
      'image.jpg',
    ]);
    const voices = [0, 1, 2, 3, 4].map(
      (Type) =>
        (
          read('sendVoice', { ...to, Type, DataFileBase64: 'eHh4' }).content.messagePayload as {
            name: string;
          }
        ).name,
    );
    assert.deepEqual(voices, ['voice.amr', 'voice.speex', 'voice.mp3', 'voice.wav', 'voice.silk']);
  });

  it('reject missing and invalid fields, paths and URLs', () => {
    const invalid: unknown[] = [
      'x',
      '[]',
      '1',
      {},
      { ...to },
      { UserName: 'x', Content: 'x' },
      { ...to, UserName: '', Content: 'x' },
      { ...to, UserName: 5, Content: 'x' },
      { ...to, Content: 5 },
      { ...to, Content: { a: 1 } },
      { ...to, DataFileBase64: 'eHh4' },
      { ...to, DataFileBase64: 'eHh4', Type: 5 },
      { ...to, DataFileBase64: 'eHh4', Type: '0' },
      { ...to, DataFileBase64: 'eHh4', Type: 0, VoiceTime: -1 },
      { ...to, Base64Image: '/etc/passwd' },
      { ...to, Base64Image: '../../../../etc/shadow' },
      { ...to, Base64Image: 'file:///etc/hosts' },
      { ...to, Base64Image: 'http://169.254.169.254/latest/' },
      { ...to, Base64Image: 'data:image/png;base64,' },
      { ...to, VideoFileBase64: 'eHh' },
    ];
    for (const body of invalid)
      assert.throws(() => read('sendText', body), failure('INVALID_PARAMS'), JSON.stringify(body));
    assert.throws(() => read('sendText', '{"a":'.repeat(9)), failure('REFUSED'));
    assert.throws(() => read('sendText', { ...to, Content: 'x'.repeat(megabyte) }), failure('REFUSED'));
  });

  it('reject a pattern as recipient', () => {
    assert.throws(() => read('sendText', { ...to, UserName: '/.*/', Content: 'x' }), failure('NOT_FOUND'));
  });

  it('return loggedParams without token and files', () => {
    const { loggedParams } = read('sendVoice', {
      ...to,
      Type: 4,
      DataFileBase64: 'eHh4',
      VoiceTime: 5,
    });
    assert.deepEqual(loggedParams, {
      Token: '***',
      UserName: 'wxid_1',
      Type: 4,
      DataFileBase64: '(4 characters)',
      VoiceTime: 5,
    });
  });
});

describe('encodeAddMsg and encodeSent', () => {
  const ming = {
    id: 'wxid_ming',
    name: 'Ming',
    alias: '小明',
    friend: true,
    type: 'Individual',
    gender: 'Male',
  };
  const bot = { ...ming, id: 'wxid_bot', name: 'Bot', alias: '' };
  const team = { id: '17@chatroom', topic: 'Team', memberCount: 3 };
  const userInfo = { wxid: 'wxid_bot', nickname: 'Bot' };
  const runCommand = () => Promise.reject(new Error('no command is available'));

  /** The event, as read by a client with 64-bit numbers. */
  async function event(message: Partial<MessageView>, more: object): Promise<Record<string, unknown>> {
    const fields = {
      message: messageView(message),
      talker: ming,
      room: null,
      listener: null,
      ...more,
    } as unknown as MessageEvent;
    const json = encodeAddMsg(fields, await messageContent(fields, runCommand), userInfo, 5);
    const { event } = parse(json) as { event: Record<string, unknown> };
    return { ...event, NewMsgId: /"NewMsgId":(\d+)/.exec(json)?.[1] };
  }

  it('encode direct messages', async () => {
    assert.deepEqual(await event({ id: '1234567890123456789' }, { listener: bot }), {
      MsgId: Number(1234567890123456789n & 0x7fffffffn),
      NewMsgId: '1234567890123456789',
      FromUserName: { string: 'wxid_ming' },
      ToUserName: { string: 'wxid_bot' },
      MsgType: 1,
      Content: { string: 'hello' },
      Status: 3,
      ImgStatus: 1,
      ImgBuf: { iLen: 0 },
      CreateTime: 1_700_000_000,
      MsgSource: '<msgsource></msgsource>',
      PushContent: '小明 : hello',
      MsgSeq: 5,
    });
  });

  it('encode messages in rooms with their sender', async () => {
    const inRoom = await event({ mentionIds: ['wxid_bot'] }, { room: team });
    const { FromUserName, ToUserName, Content, MsgSource } = inRoom;
    assert.deepEqual(
      [FromUserName, ToUserName, Content],
      [{ string: '17@chatroom' }, { string: 'wxid_bot' }, { string: 'wxid_ming:\nhello' }],
    );
    assert.equal(
      MsgSource,
      '<msgsource><atuserlist>wxid_bot</atuserlist><membercount>3</membercount></msgsource>',
    );
    const link = await event({ type: 'Url', text: 'a title' }, { room: team });
    assert.match((link.Content as { string: string }).string, /^wxid_ming:\n<msg><appmsg/);
  });

  it('encode messages of the account', async () => {
    const inRoom = await event({ self: true }, { talker: bot, room: team });
    assert.deepEqual(
      [inRoom.FromUserName, inRoom.ToUserName, inRoom.Content, inRoom.PushContent],
      [{ string: 'wxid_bot' }, { string: '17@chatroom' }, { string: 'hello' }, ''],
    );
    const direct = await event({ self: true }, { talker: bot, listener: ming });
    assert.deepEqual(
      [direct.FromUserName, direct.ToUserName],
      [{ string: 'wxid_bot' }, { string: 'wxid_ming' }],
    );
  });

  it('encode every message type, system messages without a sender', async () => {
    const types: Partial<Record<MessageTypeName, number>> = {
      Image: 3,
      Audio: 34,
      Contact: 42,
      Video: 43,
      Emoticon: 47,
      Location: 48,
      Attachment: 49,
      GroupNote: 10_000,
      Recalled: 10_002,
    };
    for (const [type, number] of Object.entries(types)) {
      const encoded = await event({ type: type as MessageTypeName }, { room: team });
      assert.equal(encoded.MsgType, number);
      const { string: content } = encoded.Content as { string: string };
      assert.equal(content.startsWith('wxid_ming:\n'), number < 10_000, type);
    }
  });

  it('encode a recall with the id of the recalled message', async () => {
    const { NewMsgId } = messageIds('not-a-number');
    const { Content } = await event({ type: 'Recalled', text: 'not-a-number' }, {});
    assert.match((Content as { string: string }).string, new RegExp(`<newmsgid>${NewMsgId}<`));
  });

  it('encode exact and stable 64-bit ids', () => {
    for (const id of ['1', '9007199254740993', '9223372036854775807'])
      assert.equal(messageIds(id).NewMsgId, id);
    for (const id of ['9223372036854775808', '0', '01', '-1', '1e3', '', 'wxid', '12345678901234567890123']) {
      const { NewMsgId, MsgId } = messageIds(id);
      assert.deepEqual(messageIds(id), { NewMsgId, MsgId });
      assert.match(NewMsgId, /^[1-9]\d*$/);
      assert.ok(BigInt(NewMsgId) < 2n ** 63n);
      assert.ok(Number.isInteger(MsgId) && MsgId >= 0 && MsgId < 2 ** 31);
    }
    assert.match(encodeSent('x', messageIds('9007199254740993'), 0), /"NewMsgId":9007199254740993,/);
    assert.deepEqual(parse(encodeSent('x', undefined, 0)).result, { ToUserName: 'x', CreateTime: 0 });
  });

  it('have the return codes of the document', () => {
    assert.deepEqual(Object.keys(retCodes), ['0', '1000', '1001', '1002', '1003', '1004']);
  });
});

describe('parseTokens', () => {
  it('parses one token a line, alone or with a bot', () => {
    const text = ' t1 \n\nt2 = Shop front\nt3=b1,dDQ=\ndDU== = 客服\ndDY=== Shop';
    assert.deepEqual(parseTokens(text), [
      { token: 't1', bot: '' },
      { token: 't2', bot: 'Shop front' },
      { token: 't3', bot: 'b1' },
      { token: 'dDQ=', bot: '' },
      { token: 'dDU==', bot: '客服' },
      { token: 'dDY==', bot: 'Shop' },
    ]);
    assert.deepEqual(parseTokens(''), []);
  });
});
