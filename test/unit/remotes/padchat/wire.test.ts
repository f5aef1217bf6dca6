import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import { parseAppMessage } from '../../../../src/remotes/padchat/app-message';
import { deviceIdsOf, loginTokenOf, uinOf } from '../../../../src/remotes/padchat/derived-ids';
import { toWireEvent } from '../../../../src/remotes/padchat/events/events';
import { friendRequestXml } from '../../../../src/remotes/wechat/wechat-system-messages';
import { toWireCase, fromWireCase } from '../../../../src/remotes/padchat/field-case';
import { resolveContactId, encodeV1 } from '../../../../src/remotes/wechat/v1-code';
import {
  decodeCall,
  decodeFrame,
  encodeAcknowledgement,
  encodeEvent,
  encodeReply,
} from '../../../../src/remotes/padchat/wire';
import { failure } from '../../../support/commanded-bot';

const frame = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const json = (text: string): unknown => JSON.parse(text);

describe('PadChat codec', () => {
  it('decodeFrame decodes requests of version A, with and without data and cmdId', () => {
    assert.deepEqual(decodeFrame('A', frame({ code: 'sendMsg', cmdId: 'u1', data: { content: 'hi' } })), {
      request: {
        name: 'sendMsg',
        cmdId: 'u1',
        params: { content: 'hi' },
        authKey: undefined,
        field: 'payload',
      },
    });
    assert.deepEqual(decodeFrame('A', frame({ code: 'syncContact', data: null })), {
      request: { name: 'syncContact', cmdId: undefined, params: {}, authKey: undefined, field: 'payload' },
    });
  });

  it('decodeFrame decodes requests of version C in the payload or data field', () => {
    const read = (fields: object): unknown =>
      decodeFrame('C', frame({ type: 'user', cmd: 'init', cmdId: '1', ...fields }));
    const request = { name: 'init', cmdId: '1', authKey: undefined };
    assert.deepEqual(read({ payload: { a: 1 } }), {
      request: { ...request, params: { a: 1 }, field: 'payload' },
    });
    assert.deepEqual(read({ data: { a: 1 } }), { request: { ...request, params: { a: 1 }, field: 'data' } });
    assert.deepEqual(read({ data: [] }), { request: { ...request, params: {}, field: 'data' } });
    assert.deepEqual(read({}), { request: { ...request, params: {}, field: 'data' } });
  });

  it('decodeFrame rejects invalid frames with a reason and their cmdId', () => {
    for (const [version, value, expected, cmdId] of [
      ['A', 'nothing', /not JSON/, undefined],
      ['A', '[]', /must be an object/, undefined],
      ['A', { cmdId: 'u1' }, /code must be/, 'u1'],
      ['A', { code: '', cmdId: 'u1' }, /code must be/, 'u1'],
      ['A', { code: 'auth', cmdId: {} }, /cmdId must be/, undefined],
      ['A', { code: 'auth', cmdId: 'x'.repeat(129) }, /cmdId must be/, undefined],
      ['A', { code: 'auth', cmdId: 7, data: 'x' }, /data must be an object/, 7],
      ['C', { code: 'auth', cmdId: '1' }, /cmd must be/, '1'],
      ['C', { cmd: 'init', cmdId: '1', payload: [1] }, /payload must be an object/, '1'],
      ['C', '['.repeat(100) + ']'.repeat(100), /nested deeper/, undefined],
    ] as const) {
      const received = decodeFrame(version, frame(value));
      assert.ok('error' in received);
      assert.match(received.error.message, expected);
      assert.equal(received.cmdId, cmdId);
    }
    assert.ok('error' in decodeCall('sendMsg', 'x'));
    assert.ok('request' in decodeCall('sendMsg', undefined));
  });

  it('encodeReply encodes replies in each version', () => {
    const reply = { success: true, msg: '', data: { userName: 'w', msgId: '1', qrCode: 'x' } };
    assert.deepEqual(json(encodeReply('A', { cmdId: 'u1', field: 'payload' }, reply, 't')), {
      cmdId: 'u1',
      type: 'cmdRet',
      event: 'cmdRet',
      success: true,
      msg: '',
      data: { UserName: 'w', MsgId: '1', QrCode: 'x' },
    });
    const data = { user_name: 'w', msg_id: '1', qr_code: 'x' };
    assert.deepEqual(json(encodeReply('C', { cmdId: '1', field: 'data' }, reply, 't')), {
      type: 'cmdRet',
      cmdId: '1',
      taskId: 't',
      data: { success: true, error: '', msg: '', data },
    });
    const failed = { success: false, msg: 'no' };
    assert.deepEqual(json(encodeReply('C', { cmdId: '1', field: 'payload' }, failed, 't')), {
      type: 'cmdRet',
      cmdId: '1',
      taskId: 't',
      payload: { success: false, error: 'no', msg: 'no', data: {} },
    });
    assert.deepEqual(encodeAcknowledgement(reply), reply);
    assert.deepEqual(json(encodeReply('A', { cmdId: undefined, field: 'payload' }, failed, 't')), {
      type: 'cmdRet',
      event: 'cmdRet',
      success: false,
      msg: 'no',
    });
  });

  it('encodeEvent encodes pushes in each version, without a cmdId', () => {
    const event = { kind: 'messages', items: [{ msgType: 43, msgId: '1', cmdId: undefined }] } as const;
    const write = (version: 'A' | 'C'): unknown => {
      const wireEvent = toWireEvent(version, event);
      assert.ok(wireEvent);
      return json(encodeEvent(version, wireEvent, 'payload', 't'));
    };
    assert.deepEqual(write('A'), {
      event: 'push',
      success: true,
      msg: '',
      data: [{ MsgType: 62, SubType: 62, MsgId: '1' }],
    });
    assert.deepEqual(toWireEvent('B', event)?.fields, { list: [{ msgType: 43, subType: 43, msgId: '1' }] });
    assert.deepEqual(write('C'), {
      type: 'userEvent',
      event: 'push',
      taskId: 't',
      payload: { type: 2, list: [{ msg_type: 5, sub_type: 43, msg_id: '1' }] },
    });
  });

  it('toWireEvent maps event names of each version and omits unknown ones', () => {
    const names = (kind: 'relogin' | 'loaded' | 'login'): unknown =>
      (['A', 'B', 'C'] as const).map((version) => toWireEvent(version, { kind })?.name);
    assert.deepEqual(names('relogin'), ['reconnect', undefined, 'autoLogin']);
    assert.deepEqual(names('loaded'), ['loaded', 'loaded', 'loaded']);
    const closed = (['A', 'B', 'C'] as const).map(
      (one) => toWireEvent(one, { kind: 'closed', msg: 'x' })?.name,
    );
    assert.deepEqual(closed, ['disconnect', 'close', 'over']);
    const problem = { kind: 'problem', msg: 'oh' } as const;
    assert.deepEqual(toWireEvent('A', problem), { name: 'error', success: false, msg: 'oh', fields: {} });
    assert.deepEqual(toWireEvent('B', problem)?.fields, { error: 'oh' });
  });

  it('toWireCase encodes members as JSON text; fromWireCase accepts any case', () => {
    assert.deepEqual(toWireCase({ member: [{ nickName: 'x' }] }, 'A'), { Member: '[{"NickName":"x"}]' });
    assert.deepEqual(toWireCase({ member: [{ nickName: 'x' }] }, 'C'), { member: '[{"nick_name":"x"}]' });
    for (const fields of [
      { MsgId: 1, FromUser: 2 },
      { msgId: 1, fromUser: 2 },
      { msg_id: 1, from_user: 2 },
    ]) {
      assert.deepEqual(fromWireCase(fields), { msgId: 1, fromUser: 2 });
    }
  });

  it('deviceIdsOf and loginTokenOf are stable and differ between bots', () => {
    const device = deviceIdsOf('shop');
    assert.deepEqual(deviceIdsOf('shop'), device);
    assert.notEqual(deviceIdsOf('other').deviceData, device.deviceData);
    assert.match(device.deviceUuid, /^[\dA-F]{8}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{12}$/);
    assert.match(device.deviceWifiMac, /^[\dA-F]{2}(:[\dA-F]{2}){5}$/);
    assert.equal(loginTokenOf('shop', 'w'), loginTokenOf('shop', 'w'));
    assert.notEqual(loginTokenOf('shop', 'w'), loginTokenOf('shop', 'v'));
    assert.ok(Number.isSafeInteger(uinOf('w')) && uinOf('w') > 0);
  });

  it('resolveContactId decodes v1 codes and rejects patterns', () => {
    assert.equal(resolveContactId(undefined, encodeV1('wxid_李')), 'wxid_李');
    assert.equal(resolveContactId('wxid_1'), 'wxid_1');
    assert.throws(() => resolveContactId('/.*/'), failure('NOT_FOUND'));
    assert.throws(() => resolveContactId(undefined, encodeV1('/.*/')), failure('NOT_FOUND'));
    assert.throws(() => resolveContactId(''), failure('INVALID_PARAMS', 'userId'));
  });
});

describe('parseAppMessage', () => {
  it('parses links with escaped text', () => {
    const xml =
      '<msg><appmsg appid=""><title>A &amp; B &#20320;</title><des><![CDATA[<b>]]></des><type>5</type>' +
      '<url>http://x.example/?a=1&amp;b=2</url><thumburl/></appmsg></msg>';
    assert.deepEqual(parseAppMessage(xml), {
      messageType: 'Url',
      messagePayload: { url: 'http://x.example/?a=1&b=2', title: 'A & B 你', description: '<b>' },
    });
  });

  it('parses mini programs', () => {
    const xml =
      '<appmsg><title>Shop</title><type>33</type><weappinfo><appid>wx1</appid><username>gh_1@app</username>' +
      '<pagepath>pages/a.html</pagepath></weappinfo></appmsg>';
    assert.deepEqual(parseAppMessage(xml).messagePayload, {
      title: 'Shop',
      appid: 'wx1',
      username: 'gh_1@app',
      pagePath: 'pages/a.html',
    });
  });

  it('rejects files, invalid XML and oversized XML', () => {
    assert.throws(() => parseAppMessage('<appmsg><type>6</type></appmsg>'), failure('UNSUPPORTED', '6'));
    for (const xml of [
      'hello',
      '<appmsg><title>',
      '<other/>',
      '<appmsg/>',
      '<constructor/>',
      '<a>'.repeat(9_000),
    ]) {
      assert.throws(() => parseAppMessage(xml), failure('INVALID_PARAMS'), xml.slice(0, 40));
    }
    const large = `<appmsg><title>${'x'.repeat(300_000)}</title></appmsg>`;
    assert.throws(() => parseAppMessage(large), failure('INVALID_PARAMS', 'too long'));
  });

  it('expands no entities: no billion laughs, no files', () => {
    const bomb =
      '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>' +
      '<appmsg><title>&b;&f;</title><type>5</type><url>http://x.example/</url></appmsg>';
    let title: string | undefined;
    try {
      title = parseAppMessage(bomb).messagePayload.title;
    } catch (error) {
      assert.ok(failure('INVALID_PARAMS')(error));
    }
    assert.ok(title === undefined || title === '&b;&f;', title);
  });
});

describe('friendRequestXml', () => {
  it('escapes untrusted text and contains what accepting needs', () => {
    const person = { id: 'wxid_1', name: '"<&>\'', alias: '', friend: false } as const;
    const hello = `"/><evil a='1'>]]>&amp;\u0000`;
    const xml = friendRequestXml({ ...person, type: 'Individual', gender: 'Male' }, hello, 't1');
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
    const { msg } = parser.parse(xml, true) as { msg: Record<string, unknown> };
    assert.deepEqual(
      [msg.fromusername, msg.encryptusername, msg.fromnickname, msg.content, msg.ticket, msg.evil],
      ['wxid_1', encodeV1('wxid_1'), '"<&>\'', hello.replace('\u0000', ''), 't1', undefined],
    );
  });
});
