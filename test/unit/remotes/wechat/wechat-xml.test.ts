import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { MessageTypeName, MessageView } from '../../../../src/bot/views';
import { types } from 'wechaty-puppet';
import { wechatContent, wechatSource, wechatTypes, xmlText } from '../../../../src/remotes/wechat/wechat-xml';
import { CommandedBot } from '../../../support/commanded-bot';

const said = (type: MessageTypeName, text: string, fields: Partial<MessageView> = {}): MessageView => ({
  id: '1',
  type,
  text,
  timestamp: 1,
  self: false,
  mentionIds: [],
  mentionsSelf: false,
  ...fields,
});

const nobody = () => Promise.reject(new Error('nobody is there to ask'));

/** What a program of others reads out of it. */
function read(xml: string): unknown {
  assert.equal(XMLValidator.validate(xml), true, xml);
  return new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false }).parse(xml);
}

describe('messages in the form of WeChat', () => {
  let bot: CommandedBot;
  before(async () => {
    bot = await CommandedBot.start();
  });
  after(() => bot.end());

  /** What a friend says, as the bot hears it and WeChat writes it. */
  async function heard(content: Parameters<ReturnType<CommandedBot['world']['contact']>['say']>[0]) {
    const told = bot.simulated.next('message');
    bot.world.contact('Ming').say(content).to(bot.world.self);
    const { message } = (await told) as unknown as { message: MessageView };
    return wechatContent(message, (command, params) => bot.run(command, params));
  }

  it('knows every kind of message there is', () => {
    const kinds = Object.keys(types.Message).filter((name) => Number.isNaN(Number(name)));
    assert.deepEqual(Object.keys(wechatTypes).sort(), kinds.sort());
    for (const kind of kinds as MessageTypeName[]) {
      const content = wechatContent(said(kind, 'a < b'), nobody);
      assert.ok(content, kind);
    }
  });

  it('writes a text as it is, without waiting', () => {
    assert.equal(wechatContent(said('Text', '<b> & "c"'), nobody), '<b> & "c"');
  });

  it('keeps the XML a puppet gives', () => {
    assert.equal(wechatContent(said('Url', '<msg><appmsg/></msg>'), nobody), '<msg><appmsg/></msg>');
  });

  it('writes a link with all the puppet knows of it', async () => {
    const url = { url: 'https://example.com/?a=1&b=2', title: 'A <title>', description: '"d"' };
    const { msg } = read(await heard({ kind: 'url', url })) as { msg: { appmsg: object } };
    const { title, des, type, url: written } = msg.appmsg as Record<string, string>;
    assert.deepEqual([title, des, type, written], ['A <title>', '"d"', '5', url.url]);
  });

  it('writes a card, a place, a mini program and a file', async () => {
    const card = read(await heard({ kind: 'card', contactId: 'wxid_alice' })) as {
      msg: { nickname: string };
    };
    assert.equal(card.msg.nickname, 'Alice');
    const place = { name: 'Office', address: 'Road 1', latitude: 31.2, longitude: 121.5, accuracy: 10 };
    assert.deepEqual(read(await heard({ kind: 'location', location: place })), {
      msg: { location: { x: '31.2', y: '121.5', scale: '16', label: 'Road 1', poiname: 'Office' } },
    });
    const program = { username: 'gh_1@app', appid: 'wx1', title: 'Shop', pagePath: 'a?b=1&c=2' };
    const { weappinfo } = (
      read(await heard({ kind: 'mini-program', miniProgram: program })) as {
        msg: { appmsg: { weappinfo: object } };
      }
    ).msg.appmsg;
    assert.deepEqual(weappinfo, { username: 'gh_1@app', appid: 'wx1', pagepath: 'a?b=1&c=2' });
    const file = read(await heard({ kind: 'file', name: 'plan.pdf', data: Buffer.from('x') }));
    const { appmsg } = (file as { msg: { appmsg: Record<string, unknown> } }).msg;
    assert.deepEqual([appmsg.title, appmsg.type, appmsg.appattach], ['plan.pdf', '6', { fileext: 'pdf' }]);
  });

  it('writes what is known where the puppet does not answer', async () => {
    const { msg } = read(await wechatContent(said('Url', 'the title'), nobody)) as {
      msg: { appmsg: object };
    };
    assert.equal((msg.appmsg as { title: string }).title, 'the title');
  });

  it('says which message was recalled', async () => {
    assert.match(await wechatContent(said('Recalled', '123'), nobody), /<newmsgid>123<\/newmsgid>/);
  });

  it('names those who are mentioned', () => {
    const { msgsource } = read(wechatSource(said('Text', '@a', { mentionIds: ['wxid_a', 'wxid_b'] }), 7)) as {
      msgsource: object;
    };
    assert.deepEqual(msgsource, { atuserlist: 'wxid_a,wxid_b', membercount: '7' });
  });

  it('writes nothing that XML cannot hold', () => {
    assert.equal(xmlText('a\u0000\ud800\u001f<>&"\'\n好😀'), 'a&lt;&gt;&amp;&quot;&apos;\n好😀');
  });
});
