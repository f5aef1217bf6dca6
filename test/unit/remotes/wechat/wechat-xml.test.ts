import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { MessageTypeName, MessageView } from '../../../../src/bot/views';
import { types } from 'wechaty-puppet';
import { wechatContent, wechatSource, wechatTypes, xmlText } from '../../../../src/remotes/wechat/wechat-xml';
import { CommandedBot } from '../../../support/commanded-bot';

const messageOf = (type: MessageTypeName, text: string, fields: Partial<MessageView> = {}): MessageView => ({
  id: '1',
  type,
  text,
  timestamp: 1,
  self: false,
  mentionIds: [],
  mentionsSelf: false,
  mentionsAll: false,
  ...fields,
});

const failingRunCommand = () => Promise.reject(new Error('the puppet fails'));

/** Parses XML as a client would. */
function parseXml(xml: string): unknown {
  assert.equal(XMLValidator.validate(xml), true, xml);
  return new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false }).parse(xml);
}

describe('wechatContent', () => {
  let bot: CommandedBot;
  before(async () => {
    bot = await CommandedBot.start();
  });
  after(() => bot.stop());

  /** The encoded content of a message that the bot received. */
  async function contentOf(content: Parameters<ReturnType<CommandedBot['simulation']['contact']>['say']>[0]) {
    const received = bot.simulatedBot.nextEvent('message');
    bot.simulation.contact('Ming').say(content).to(bot.simulation.self);
    const { message } = (await received) as unknown as { message: MessageView };
    return wechatContent(message, (command, params) => bot.run(command, params));
  }

  it('encodes every kind of message', () => {
    const kinds = Object.keys(types.Message).filter((name) => Number.isNaN(Number(name)));
    assert.deepEqual(Object.keys(wechatTypes).sort(), kinds.sort());
    for (const kind of kinds as MessageTypeName[]) {
      const content = wechatContent(messageOf(kind, 'a < b'), failingRunCommand);
      assert.ok(content, kind);
    }
  });

  it('returns a text unchanged and synchronously', () => {
    assert.equal(wechatContent(messageOf('Text', '<b> & "c"'), failingRunCommand), '<b> & "c"');
  });

  it('keeps the XML of a puppet', () => {
    assert.equal(
      wechatContent(messageOf('Url', '<msg><appmsg/></msg>'), failingRunCommand),
      '<msg><appmsg/></msg>',
    );
  });

  it('encodes a link with its payload', async () => {
    const url = { url: 'https://example.com/?a=1&b=2', title: 'A <title>', description: '"d"' };
    const { msg } = parseXml(await contentOf({ kind: 'url', url })) as { msg: { appmsg: object } };
    const { title, des, type, url: written } = msg.appmsg as Record<string, string>;
    assert.deepEqual([title, des, type, written], ['A <title>', '"d"', '5', url.url]);
  });

  it('encodes a card, a location, a mini program and a file', async () => {
    const card = parseXml(await contentOf({ kind: 'card', contactId: 'wxid_alice' })) as {
      msg: { nickname: string };
    };
    assert.equal(card.msg.nickname, 'Alice');
    const place = { name: 'Office', address: 'Road 1', latitude: 31.2, longitude: 121.5, accuracy: 10 };
    assert.deepEqual(parseXml(await contentOf({ kind: 'location', location: place })), {
      msg: { location: { x: '31.2', y: '121.5', scale: '16', label: 'Road 1', poiname: 'Office' } },
    });
    const program = { username: 'gh_1@app', appid: 'wx1', title: 'Shop', pagePath: 'a?b=1&c=2' };
    const { weappinfo } = (
      parseXml(await contentOf({ kind: 'mini-program', miniProgram: program })) as {
        msg: { appmsg: { weappinfo: object } };
      }
    ).msg.appmsg;
    assert.deepEqual(weappinfo, { username: 'gh_1@app', appid: 'wx1', pagepath: 'a?b=1&c=2' });
    const file = parseXml(await contentOf({ kind: 'file', name: 'plan.pdf', data: Buffer.from('x') }));
    const { appmsg } = (file as { msg: { appmsg: Record<string, unknown> } }).msg;
    assert.deepEqual([appmsg.title, appmsg.type, appmsg.appattach], ['plan.pdf', '6', { fileext: 'pdf' }]);
  });

  it('encodes the message view if the puppet fails', async () => {
    const { msg } = parseXml(await wechatContent(messageOf('Url', 'the title'), failingRunCommand)) as {
      msg: { appmsg: object };
    };
    assert.equal((msg.appmsg as { title: string }).title, 'the title');
  });

  it('encodes the id of a recalled message', async () => {
    assert.match(
      await wechatContent(messageOf('Recalled', '123'), failingRunCommand),
      /<newmsgid>123<\/newmsgid>/,
    );
  });

  it('wechatSource lists mentioned contacts', () => {
    const { msgsource } = parseXml(
      wechatSource(messageOf('Text', '@a', { mentionIds: ['wxid_a', 'wxid_b'] }), 7),
    ) as {
      msgsource: object;
    };
    assert.deepEqual(msgsource, { atuserlist: 'wxid_a,wxid_b', membercount: '7' });
  });

  it('xmlText removes characters that XML does not allow', () => {
    assert.equal(xmlText('a\u0000\ud800\u001f<>&"\'\n好😀'), 'a&lt;&gt;&amp;&quot;&apos;\n好😀');
  });
});
