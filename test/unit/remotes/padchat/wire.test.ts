import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import { readAppMessage } from '../../../../src/remotes/padchat/app-message';
import { deviceOf, loginTokenOf, uinOf } from '../../../../src/remotes/padchat/derived-ids';
import { toldIn } from '../../../../src/remotes/padchat/events/events';
import { friendRequest } from '../../../../src/remotes/wechat/wechat-system-messages';
import { spelled, unspelled } from '../../../../src/remotes/padchat/field-case';
import { contactIdIn, strangerOf } from '../../../../src/remotes/wechat/v1-code';
import {
  readCall,
  readFrame,
  replyFields,
  writeEvent,
  writeReply,
} from '../../../../src/remotes/padchat/wire';
import { failure } from '../../../support/commanded-bot';

const frame = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const json = (text: string): unknown => JSON.parse(text);

describe("PadChat's wire", () => {
  it('reads requests of generation A, with and without data and cmdId', () => {
    assert.deepEqual(readFrame('A', frame({ code: 'sendMsg', cmdId: 'u1', data: { content: 'hi' } })), {
      request: {
        name: 'sendMsg',
        cmdId: 'u1',
        params: { content: 'hi' },
        authKey: undefined,
        field: 'payload',
      },
    });
    assert.deepEqual(readFrame('A', frame({ code: 'syncContact', data: null })), {
      request: { name: 'syncContact', cmdId: undefined, params: {}, authKey: undefined, field: 'payload' },
    });
  });

  it('reads requests of generation C in the field its client uses', () => {
    const read = (fields: object): unknown =>
      readFrame('C', frame({ type: 'user', cmd: 'init', cmdId: '1', ...fields }));
    const request = { name: 'init', cmdId: '1', authKey: undefined };
    assert.deepEqual(read({ payload: { a: 1 } }), {
      request: { ...request, params: { a: 1 }, field: 'payload' },
    });
    assert.deepEqual(read({ data: { a: 1 } }), { request: { ...request, params: { a: 1 }, field: 'data' } });
    assert.deepEqual(read({}), { request: { ...request, params: {}, field: 'payload' } });
  });

  it('says what is wrong with anything else, under its cmdId if it has one', () => {
    for (const [generation, value, words, cmdId] of [
      ['A', 'nothing', /not JSON/, undefined],
      ['A', '[]', /must be an object/, undefined],
      ['A', { cmdId: 'u1' }, /code must be/, 'u1'],
      ['A', { code: '', cmdId: 'u1' }, /code must be/, 'u1'],
      ['A', { code: 'auth', cmdId: {} }, /cmdId must be/, undefined],
      ['A', { code: 'auth', cmdId: 'x'.repeat(129) }, /cmdId must be/, undefined],
      ['A', { code: 'auth', cmdId: 7, data: 'x' }, /data must be an object/, 7],
      ['C', { code: 'auth', cmdId: '1' }, /cmd must be/, '1'],
      ['C', { cmd: 'init', cmdId: '1', payload: [] }, /payload must be an object/, '1'],
      ['C', '['.repeat(100) + ']'.repeat(100), /nested deeper/, undefined],
    ] as const) {
      const received = readFrame(generation, frame(value));
      assert.ok('error' in received);
      assert.match(received.error.message, words);
      assert.equal(received.cmdId, cmdId);
    }
    assert.ok('error' in readCall('sendMsg', 'x'));
    assert.ok('request' in readCall('sendMsg', undefined));
  });

  it('writes replies as each generation has them', () => {
    const reply = { success: true, msg: '', data: { userName: 'w', msgId: '1', qrCode: 'x' } };
    assert.deepEqual(json(writeReply('A', { cmdId: 'u1', field: 'payload' }, reply, 't')), {
      cmdId: 'u1',
      type: 'cmdRet',
      event: 'cmdRet',
      success: true,
      msg: '',
      data: { UserName: 'w', MsgId: '1', QrCode: 'x' },
    });
    const data = { user_name: 'w', msg_id: '1', qr_code: 'x' };
    assert.deepEqual(json(writeReply('C', { cmdId: '1', field: 'data' }, reply, 't')), {
      type: 'cmdRet',
      cmdId: '1',
      taskId: 't',
      data: { success: true, error: '', msg: '', data },
    });
    const failed = { success: false, msg: 'no' };
    assert.deepEqual(json(writeReply('C', { cmdId: '1', field: 'payload' }, failed, 't')), {
      type: 'cmdRet',
      cmdId: '1',
      taskId: 't',
      payload: { success: false, error: 'no', msg: '', data: {} },
    });
    assert.deepEqual(replyFields(reply), reply);
    assert.deepEqual(json(writeReply('A', { cmdId: undefined, field: 'payload' }, failed, 't')), {
      type: 'cmdRet',
      event: 'cmdRet',
      success: false,
      msg: 'no',
    });
  });

  it('writes pushes with the type where each generation looks for it, and never with a cmdId', () => {
    const event = { kind: 'messages', items: [{ msgType: 43, msgId: '1', cmdId: undefined }] } as const;
    const write = (generation: 'A' | 'C'): unknown => {
      const told = toldIn(generation, event);
      assert.ok(told);
      return json(writeEvent(generation, told, 'payload', 't'));
    };
    assert.deepEqual(write('A'), {
      event: 'push',
      success: true,
      msg: '',
      data: [{ MsgType: 62, SubType: 62, MsgId: '1' }],
    });
    assert.deepEqual(toldIn('B', event)?.fields, { list: [{ msgType: 43, subType: 43, msgId: '1' }] });
    assert.deepEqual(write('C'), {
      type: 'userEvent',
      event: 'push',
      taskId: 't',
      payload: { type: 2, list: [{ msg_type: 5, sub_type: 43, msg_id: '1' }] },
    });
  });

  it('names events as each generation does, and leaves out what one has not', () => {
    const names = (kind: 'relogin' | 'loaded' | 'login'): unknown =>
      (['A', 'B', 'C'] as const).map((generation) => toldIn(generation, { kind })?.name);
    assert.deepEqual(names('relogin'), ['reconnect', 'login', 'autoLogin']);
    assert.deepEqual(names('loaded'), ['loaded', 'loaded', undefined]);
    const closed = (['A', 'B', 'C'] as const).map((one) => toldIn(one, { kind: 'closed', msg: 'x' })?.name);
    assert.deepEqual(closed, ['disconnect', 'close', 'over']);
    const problem = { kind: 'problem', msg: 'oh' } as const;
    assert.deepEqual(toldIn('A', problem), { name: 'error', success: false, msg: 'oh', fields: {} });
    assert.deepEqual(toldIn('B', problem)?.fields, { error: 'oh' });
  });

  it('spells lists of members as a text, and reads what any generation spells', () => {
    assert.deepEqual(spelled({ member: [{ nickName: 'x' }] }, 'A'), { Member: '[{"NickName":"x"}]' });
    assert.deepEqual(spelled({ member: [{ nickName: 'x' }] }, 'C'), { member: '[{"nick_name":"x"}]' });
    for (const fields of [
      { MsgId: 1, FromUser: 2 },
      { msgId: 1, fromUser: 2 },
      { msg_id: 1, from_user: 2 },
    ]) {
      assert.deepEqual(unspelled(fields), { msgId: 1, fromUser: 2 });
    }
  });

  it('emulates devices and tokens that stay the same and differ from bot to bot', () => {
    const device = deviceOf('shop');
    assert.deepEqual(deviceOf('shop'), device);
    assert.notEqual(deviceOf('other').deviceData, device.deviceData);
    assert.match(device.deviceUuid, /^[\dA-F]{8}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{12}$/);
    assert.match(device.deviceWifiMac, /^[\dA-F]{2}(:[\dA-F]{2}){5}$/);
    assert.equal(loginTokenOf('shop', 'w'), loginTokenOf('shop', 'w'));
    assert.notEqual(loginTokenOf('shop', 'w'), loginTokenOf('shop', 'v'));
    assert.ok(Number.isSafeInteger(uinOf('w')) && uinOf('w') > 0);
  });

  it('finds people by their codes, and takes no pattern for an id', () => {
    assert.equal(contactIdIn(undefined, strangerOf('wxid_李')), 'wxid_李');
    assert.equal(contactIdIn('wxid_1', undefined), 'wxid_1');
    assert.throws(() => contactIdIn('/.*/', undefined), failure('NOT_FOUND'));
    assert.throws(() => contactIdIn(undefined, strangerOf('/.*/')), failure('NOT_FOUND'));
    assert.throws(() => contactIdIn('', undefined), failure('INVALID_PARAMS', 'userId'));
  });
});

describe("PadChat's app messages", () => {
  it('are links with what WeChat escapes', () => {
    const xml =
      '<msg><appmsg appid=""><title>A &amp; B &#20320;</title><des><![CDATA[<b>]]></des><type>5</type>' +
      '<url>http://x.example/?a=1&amp;b=2</url><thumburl/></appmsg></msg>';
    assert.deepEqual(readAppMessage(xml), {
      messageType: 'Url',
      messagePayload: { url: 'http://x.example/?a=1&b=2', title: 'A & B 你', description: '<b>' },
    });
  });

  it('are mini programs', () => {
    const xml =
      '<appmsg><title>Shop</title><type>33</type><weappinfo><appid>wx1</appid><username>gh_1@app</username>' +
      '<pagepath>pages/a.html</pagepath></weappinfo></appmsg>';
    assert.deepEqual(readAppMessage(xml).messagePayload, {
      title: 'Shop',
      appid: 'wx1',
      username: 'gh_1@app',
      pagePath: 'pages/a.html',
    });
  });

  it('are refused when they are files, no XML, or too large', () => {
    assert.throws(() => readAppMessage('<appmsg><type>6</type></appmsg>'), failure('UNSUPPORTED', '6'));
    for (const xml of [
      'hello',
      '<appmsg><title>',
      '<other/>',
      '<appmsg/>',
      '<constructor/>',
      '<a>'.repeat(9_000),
    ]) {
      assert.throws(() => readAppMessage(xml), failure('INVALID_PARAMS'), xml.slice(0, 40));
    }
    const large = `<appmsg><title>${'x'.repeat(300_000)}</title></appmsg>`;
    assert.throws(() => readAppMessage(large), failure('INVALID_PARAMS', 'too long'));
  });

  it('expand no entities: neither many nor from files', () => {
    const bomb =
      '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>' +
      '<appmsg><title>&b;&f;</title><type>5</type><url>http://x.example/</url></appmsg>';
    let title: string | undefined;
    try {
      title = readAppMessage(bomb).messagePayload.title;
    } catch (error) {
      assert.ok(failure('INVALID_PARAMS')(error));
    }
    assert.ok(title === undefined || title === '&b;&f;', title);
  });
});

describe("PadChat's friend requests", () => {
  it('are XML with all that is needed to accept them, whatever a stranger writes', () => {
    const person = { id: 'wxid_1', name: '"<&>\'', alias: '', friend: false } as const;
    const hello = `"/><evil a='1'>]]>&amp;\u0000`;
    const xml = friendRequest({ ...person, type: 'Individual', gender: 'Male' }, hello, 't1');
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
    const { msg } = parser.parse(xml, true) as { msg: Record<string, unknown> };
    assert.deepEqual(
      [msg.fromusername, msg.encryptusername, msg.fromnickname, msg.content, msg.ticket, msg.evil],
      ['wxid_1', strangerOf('wxid_1'), '"<&>\'', hello.replace('\u0000', ''), 't1', undefined],
    );
  });
});
