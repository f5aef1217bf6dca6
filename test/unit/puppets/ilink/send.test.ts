import assert from 'node:assert/strict';
import { IlinkBotFixture } from '../../../support/ilink-bot';
import type { Person } from '../../../support/ilink-service/person';
import { IlinkService } from '../../../support/ilink-service/service';

const hour = 3_600_000;

describe('ilink: sending', function () {
  this.timeout(60_000);
  let service: IlinkService;
  let fixture: IlinkBotFixture;
  let ming: Person;

  async function begin(hold?: number): Promise<void> {
    const puppet = hold === undefined ? {} : { hold };
    fixture = await IlinkBotFixture.login(service, ming, { puppet });
    // Otherwise the pace, three a second, would slow the tests down.
    ming.say('hello');
    await fixture.texts(1);
  }

  beforeEach(async () => {
    service = await IlinkService.start();
    ming = service.person('Ming');
  });
  afterEach(async () => {
    await fixture.remove();
    await service.stop();
    assert.deepEqual(service.violations, []);
  });

  const say = async (messagePayload: string) => {
    const { success, fail } = await fixture.run('contactSay', { contacts: ming.userId, messagePayload });
    return success[0] ?? fail[0];
  };

  it('sends a text with the newest context token, and returns the id', async () => {
    await begin();
    const result = await say('hi');
    const [delivered] = await ming.received(1);
    assert.deepEqual(result, { id: ming.userId, messageId: delivered?.id });
    assert.equal(delivered?.text, 'hi');
  });

  it('cuts a long text into parts, in order', async () => {
    await begin();
    await say(`${'字'.repeat(3_900)}。\n\n${'b'.repeat(3_000)}`);
    const parts = await ming.received(2);
    assert.deepEqual(
      parts.map(({ text }) => text.length),
      [3_901, 3_000],
    );
  });

  for (const fullUrls of [false, true])
    for (const [name, type, content] of [
      ['a.png', 2, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
      ['a.mp4', 5, Buffer.from('000000206674797069736f6d0000020069736f6d', 'hex')],
      ['报告.pdf', 4, Buffer.from('%PDF-1.7')],
      ['a.mp3', 4, Buffer.from('ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0000')],
    ] as const) {
      it(`sends ${name} ${fullUrls ? 'to a full URL' : 'by parameter'}`, async () => {
        service.givesFullUrls = fullUrls;
        await begin();
        const base64 = content.toString('base64');
        await fixture.run('contactSay', {
          contacts: ming.userId,
          messageType: 'File',
          messagePayload: { base64, name },
        });
        const [delivered] = await ming.received(1);
        assert.ok(delivered);
        assert.equal(delivered.item.type, type);
        assert.deepEqual(ming.open(delivered), content);
      });
    }

  it('tries an upload again after a server error, and not after a client error', async () => {
    await begin();
    const file = {
      contacts: ming.userId,
      messageType: 'File',
      messagePayload: { base64: 'eA==', name: 'x.bin' },
    };
    service.cdn.faults.push(500, 503);
    await fixture.run('contactSay', file);
    await ming.received(1);
    service.cdn.faults.push(403);
    const { fail } = await fixture.run('contactSay', file);
    assert.match(fail[0]?.error.message ?? '', /upload was refused: HTTP status 403, injected fault/);
  });

  it('forwards texts and files', async () => {
    await begin();
    const text = ming.say('to be forwarded');
    const picture = ming.sayImage(Buffer.from('a picture'));
    await fixture.next('message');
    await fixture.next('message');
    for (const id of [text, picture]) await fixture.run('messageForward', { id, toContacts: ming.userId });
    const [first, second] = await ming.received(2);
    assert.equal(first?.text, 'to be forwarded');
    assert.ok(second);
    assert.deepEqual(ming.open(second), Buffer.from('a picture'));
  });

  it('holds what goes beyond the quota, in order, until the person writes again', async () => {
    await begin();
    for (let count = 1; count <= 10; count += 1) assert.ok((await say(`${count}`))?.id);
    const held = await say('11');
    assert.ok(held && 'pending' in held && held.pending);
    await say('12');
    assert.equal(ming.texts.length, 10);
    ming.say('go on');
    await ming.received(12);
    assert.deepEqual(ming.texts.slice(10), ['11', '12']);
    const sent = await fixture.next('sent');
    assert.deepEqual(
      [sent.id, sent.state, sent.messageId, (sent.contact as { id: string }).id],
      [held.messageId, 'sent', ming.inbox[10]?.id, ming.userId],
    );
  });

  it('holds what is sent outside of the 24 hours', async () => {
    await begin(72);
    service.clock.advance(25 * hour);
    const result = await say('good morning');
    assert.ok(result && 'pending' in result);
    ming.say('good morning to you');
    await ming.received(1);
    assert.deepEqual(ming.bot.refusals, []);
  });

  it('holds across a restart', async () => {
    await begin(72);
    service.clock.advance(25 * hour);
    await say('held');
    await fixture.stop();
    fixture = await IlinkBotFixture.start(service, { dataDir: fixture.dataDir });
    await fixture.until('ready');
    ming.say('go on');
    await ming.received(1);
    assert.deepEqual(ming.texts, ['held']);
  });

  it('gives up what was held for too long', async () => {
    await begin(1);
    service.clock.advance(25 * hour);
    await say('too late');
    service.clock.advance(2 * hour);
    ming.say('anything?');
    assert.equal((await fixture.next('sent')).state, 'expired');
    await say('in time');
    await ming.received(1);
    assert.deepEqual(ming.texts, ['in time']);
  });

  it('fails at once with hold 0, and says why', async () => {
    await begin(0);
    service.clock.advance(25 * hour);
    const result = await say('good morning');
    assert.ok(result && 'error' in result);
    assert.equal(result.error.code, 'RATE_LIMITED');
    assert.match(result.error.message, /within 24 hours/);
  });

  it('takes -2 within its own count for an exhausted quota, and does not repeat it', async () => {
    await begin();
    service.limits.sendsPerMessage = 2;
    for (const text of ['1', '2', '3', '4']) await say(text);
    assert.deepEqual(ming.bot.refusals, ['quota']);
    ming.say('go on');
    await ming.received(4);
    assert.deepEqual(ming.texts, ['1', '2', '3', '4']);
  });

  it('reports a message that WeChat refuses for itself', async () => {
    await begin();
    service.limits.maxTextBytes = 2;
    const result = await say('too long for this service');
    assert.ok(result && 'error' in result);
    assert.match(result.error.message, /refuses this message/);
  });

  it('says that a message without an id is not confirmed', async () => {
    await begin();
    ming.bot.sendFaults.push('no-message-id');
    assert.deepEqual(await say('into the void'), { id: ming.userId, confirmed: false });
  });

  for (const fault of ['lost-answer', 'http-500', 'cut'] as const) {
    it(`does not send again after ${fault}`, async () => {
      await begin();
      ming.bot.sendFaults.push(fault);
      const result = await say('once');
      assert.ok(result && 'error' in result);
      await say('end');
      await ming.received(fault === 'lost-answer' ? 2 : 1);
      assert.deepEqual(ming.texts, fault === 'lost-answer' ? ['once', 'end'] : ['end']);
    });
  }

  it('refuses what iLink cannot do, and names puppets that can', async () => {
    await begin();
    await assert.rejects(fixture.run('selfSignatureSet', { signature: 'x' }), { code: 'UNSUPPORTED' });
    await assert.rejects(fixture.run('selfNameSet', { name: 'x' }), /simulator/);
  });

  it('keeps aliases', async () => {
    await begin();
    await fixture.run('contactAliasSet', { id: ming.userId, alias: '小明' });
    const { success } = await fixture.run('contactSay', { contacts: '小明', messagePayload: 'hi' });
    assert.equal(success.length, 1);
    await fixture.stop();
    fixture = await IlinkBotFixture.start(service, { dataDir: fixture.dataDir });
    await fixture.until('ready');
    const [contact] = await fixture.run('contactFindAll', {});
    assert.equal(contact?.alias, '小明');
  });
});
