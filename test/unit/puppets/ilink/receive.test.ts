import assert from 'node:assert/strict';
import type { FileBox } from 'file-box';
import type { BotEvent } from '../../../../src/bot/events';
import { IlinkBotFixture } from '../../../support/ilink-bot';
import type { Person } from '../../../support/ilink-service/person';
import { IlinkService } from '../../../support/ilink-service/service';

/** The part of a `message` event that is looked at. */
interface MessageEvent extends BotEvent {
  readonly message: Readonly<Record<string, unknown>>;
  readonly talker: Readonly<Record<string, unknown>>;
}

describe('ilink: receiving', function () {
  this.timeout(60_000);
  let service: IlinkService;
  let fixture: IlinkBotFixture;
  let ming: Person;

  beforeEach(async () => {
    service = await IlinkService.start();
    ming = service.person('Ming');
    fixture = await IlinkBotFixture.login(service, ming);
  });
  afterEach(async () => {
    await fixture.remove();
    await service.stop();
    assert.deepEqual(service.violations, []);
  });

  const nextMessage = async (): Promise<MessageEvent> => (await fixture.next('message')) as MessageEvent;

  it('receives a text, with its exact id and its sender', async () => {
    const id = ming.say('你好');
    const { message, talker } = await nextMessage();
    assert.deepEqual([message.id, message.text, message.type, message.self], [id, '你好', 'Text', false]);
    assert.equal(talker.id, ming.userId);
  });

  it('keeps the order', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `number ${index}`);
    for (const text of texts) ming.say(text);
    assert.deepEqual(await fixture.texts(50), texts);
  });

  for (const repeat of ['same-id', 'new-id'] as const) {
    it(`drops a repeat with the ${repeat}`, async () => {
      ming.say('once', { repeat });
      ming.say('end');
      assert.deepEqual(await fixture.texts(2), ['once', 'end']);
    });
  }

  it('drops a repeat that comes with a later poll, also after a restart', async () => {
    const id = ming.say('once');
    await fixture.texts(1);
    await fixture.stop();
    ming.say('once', { fields: { message_id: BigInt(id) } });
    ming.say('end');
    fixture = await IlinkBotFixture.start(service, { dataDir: fixture.dataDir });
    assert.deepEqual(await fixture.texts(1), ['end']);
  });

  it('does not take the same words, said again later, for a repeat', async () => {
    ming.say('again');
    assert.deepEqual(await fixture.texts(1), ['again']);
    service.clock.advance(2_000);
    ming.say('again');
    assert.deepEqual(await fixture.texts(1), ['again']);
  });

  it('ignores what does not come from the person who scanned', async () => {
    ming.say('from a stranger', { fields: { from_user_id: 'stranger@im.wechat' } });
    ming.say('from the bot', { fields: { message_type: 2 } });
    ming.say('mine');
    assert.deepEqual(await fixture.texts(1), ['mine']);
  });

  it('survives messages of wrong shapes', async () => {
    ming.say('', { fields: { item_list: 'none' } });
    ming.say('', { fields: { item_list: [null, 1, { type: 'x' }] } });
    ming.sendItem({ type: 2, image_item: 3 });
    ming.say('after that');
    for (;;) {
      const { message } = await nextMessage();
      if (message.text === 'after that') break;
    }
  });

  it('uses a voice’s transcript as its text', async () => {
    ming.sayVoice(Buffer.from('\u0002#!SILK_V3'), '明天见');
    const { message } = await nextMessage();
    assert.deepEqual([message.type, message.text], ['Audio', '明天见']);
  });

  for (const fullUrls of [false, true])
    for (const keys of ['hex-field', 'raw', 'hex-text', 'none'] as const) {
      it(`downloads a picture: key ${keys}, ${fullUrls ? 'full URL' : 'parameter'}`, async () => {
        service.givesFullUrls = fullUrls;
        const content = Buffer.from('a picture');
        const id = ming.sayImage(content, keys);
        const { message } = await nextMessage();
        assert.equal(message.type, 'Image');
        const file = await fixture.bot
          .account()
          .call('messageFile', (puppet) => puppet.messageFile(id) as Promise<FileBox>);
        assert.deepEqual(await file.toBuffer(), content);
      });
    }

  it('makes the names of files harmless', async () => {
    ming.sayFile('../../etc/\u202epasswd\u0000.txt', Buffer.from('x'));
    const { message } = await nextMessage();
    assert.equal(message.filename, 'passwd.txt');
  });

  it('refuses to download from a foreign host', async () => {
    const media = { encrypt_query_param: 'x', full_url: 'https://evil.example/x', aes_key: '' };
    const id = ming.sendItem({ type: 4, file_item: { media, file_name: 'x' } });
    await nextMessage();
    const download = fixture.bot.account().call('messageFile', (puppet) => puppet.messageFile(id));
    await assert.rejects(download, /outside the configured domains: evil\.example/);
  });

  it('tells what is quoted: with the text, and with the id only', async () => {
    const question = ming.say('a question');
    await nextMessage();
    ming.say('about that', { quote: { svr_id: BigInt(question) } });
    const byId = await nextMessage();
    const expected = { id: question, text: 'a question', talker: ming.userId };
    assert.deepEqual(byId.message.quote, expected);
    const answer = await fixture.run('contactSay', { contacts: ming.userId, messagePayload: 'an answer' });
    ming.say('about yours', { quote: { svr_id: BigInt(answer.success[0]?.messageId ?? 0) } });
    const own = await nextMessage();
    assert.equal((own.message.quote as { text: string }).text, 'an answer');
    const item = { type: 1, text_item: { text: 'in full' } };
    ming.say('about a text', { quote: { title: 'in full', message_item: item } });
    const inFull = await nextMessage();
    assert.deepEqual(inFull.message.quote, { id: '', text: 'in full', talker: '' });
  });
});
