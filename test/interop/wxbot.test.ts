/** The protocol's document: what it shows is understood and answered, and its own program works as it stands there. */
import assert from 'node:assert/strict';
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
import { needs } from './needed';
import {
  documentMissing,
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
