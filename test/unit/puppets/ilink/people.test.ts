import assert from 'node:assert/strict';
import { IlinkBotFixture } from '../../../support/ilink-bot';
import type { Person } from '../../../support/ilink-service/person';
import { IlinkService } from '../../../support/ilink-service/service';

describe('ilink: many people, one bot', function () {
  this.timeout(60_000);
  let service: IlinkService;
  let fixture: IlinkBotFixture;
  let ming: Person;
  let hua: Person;

  beforeEach(async () => {
    service = await IlinkService.start();
    ming = service.person('Ming');
    hua = service.person('Hua');
    fixture = await IlinkBotFixture.login(service, ming);
  });
  afterEach(async () => {
    await fixture.remove();
    await service.stop();
    assert.deepEqual(service.violations, []);
  });

  const joined = async (): Promise<void> => {
    const { url } = await fixture.run('invitationCreate', {});
    hua.scanAndConfirm(url);
    while ((await fixture.next('invitation')).state !== 'joined');
  };

  it('lets another person join by an invitation, and tells each step', async () => {
    const { id, url, expiresAt } = await fixture.run('invitationCreate', {});
    assert.equal(Math.round((expiresAt - service.clock.now()) / 60_000), 2);
    const code = hua.scan(url);
    const scanned = await fixture.next('invitation');
    assert.deepEqual([scanned.id, scanned.state, scanned.contact], [id, 'scanned', null]);
    hua.confirm(code);
    const joinedEvent = await fixture.next('invitation');
    assert.equal(joinedEvent.state, 'joined');
    assert.equal((joinedEvent.contact as { id: string }).id, hua.userId);
    const contacts = await fixture.run('contactFindAll', {});
    assert.deepEqual(
      contacts.map((contact) => contact.id),
      [ming.userId, hua.userId],
    );
    assert.equal(fixture.bot.state.name, 'ready');
  });

  it('asks for the digits of an invitation', async () => {
    const { id, url } = await fixture.run('invitationCreate', {});
    const code = hua.scan(url, { digits: '42' });
    assert.equal((await fixture.next('invitation')).state, 'digits');
    await assert.rejects(fixture.run('verifyCodeSubmit', { digits: '42' }), /No digits are asked for/);
    await fixture.run('verifyCodeSubmit', { digits: '1', invitationId: id });
    assert.equal((await fixture.next('invitation')).state, 'digits-wrong');
    await fixture.run('verifyCodeSubmit', { digits: '42', invitationId: id });
    assert.equal((await fixture.next('invitation')).state, 'scanned');
    hua.confirm(code);
    assert.equal((await fixture.next('invitation')).state, 'joined');
  });

  it('tells that an invitation has expired', async () => {
    await fixture.run('invitationCreate', {});
    service.clock.advance(121_000);
    assert.equal((await fixture.next('invitation')).state, 'expired');
  });

  it('tells that somebody has joined already', async () => {
    const { url } = await fixture.run('invitationCreate', {});
    ming.scanAndConfirm(url);
    assert.equal((await fixture.next('invitation')).state, 'already-joined');
    ming.say('still here');
    assert.deepEqual(await fixture.texts(1), ['still here']);
  });

  it('talks with each person through that person’s own bot', async () => {
    await joined();
    ming.say('from Ming');
    hua.say('from Hua');
    assert.deepEqual((await fixture.texts(2)).sort(), ['from Hua', 'from Ming']);
    for (const { userId, name } of [ming, hua])
      await fixture.run('contactSay', { contacts: userId, messagePayload: `to ${name}` });
    await ming.received(1);
    await hua.received(1);
    assert.deepEqual([ming.texts, hua.texts], [['to Ming'], ['to Hua']]);
  });

  it('goes on with the others when the token of one is dead', async () => {
    await joined();
    service.kill(hua.bot);
    const left = await fixture.next('contact-leave');
    assert.deepEqual([(left.contact as { id: string }).id, left.reason], [hua.userId, 'token-dead']);
    assert.equal(fixture.bot.state.name, 'ready');
    ming.say('me too');
    assert.deepEqual(await fixture.texts(1), ['me too']);
    const { fail } = await fixture.run('contactSay', { contacts: hua.userId, messagePayload: 'x' });
    assert.equal(fail[0]?.error.code, 'NOT_FOUND');
  });

  it('keeps its own id when the first person leaves', async () => {
    await joined();
    const { user } = fixture.bot.state;
    service.kill(ming.bot);
    await fixture.next('contact-leave');
    await fixture.stop();
    fixture = await IlinkBotFixture.start(service, { dataDir: fixture.dataDir });
    assert.equal((await fixture.until('ready')).user?.id, user?.id);
    hua.say('now I am the first');
    assert.deepEqual(await fixture.texts(1), ['now I am the first']);
  });

  it('shows that it is typing, until it answers', async () => {
    ming.say('are you there?');
    await fixture.texts(1);
    await fixture.run('typing', { id: ming.userId });
    assert.equal(ming.bot.isTyping, true);
    await fixture.run('contactSay', { contacts: ming.userId, messagePayload: 'yes' });
    await service.until(
      () => !ming.bot.isTyping,
      () => 'typing is still shown',
    );
  });

  it('says why typing cannot be shown before the person has written', async () => {
    await assert.rejects(fixture.run('typing', { id: ming.userId }), /code -4/);
  });

  it('shows that it is typing while a flow works, with the option', async () => {
    await fixture.remove();
    fixture = await IlinkBotFixture.login(service, ming, { puppet: { typing: true } });
    ming.say('a question');
    await service.until(
      () => ming.bot.isTyping,
      () => 'typing is not shown',
    );
    await fixture.run('contactSay', { contacts: ming.userId, messagePayload: 'an answer' });
    await service.until(
      () => !ming.bot.isTyping,
      () => 'typing is still shown',
    );
  });

  it('serves 200 people', async () => {
    const people = Array.from({ length: 199 }, (_, index) => service.person(`P${index}`));
    for (const person of people) {
      const { url } = await fixture.run('invitationCreate', {});
      person.scanAndConfirm(url);
      while ((await fixture.next('invitation')).state !== 'joined');
    }
    for (const person of people) person.say(`I am ${person.name}`);
    const texts = await fixture.texts(people.length);
    assert.equal(new Set(texts).size, people.length);
    await fixture.stop();
  });
});
