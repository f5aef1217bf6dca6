import assert from 'node:assert/strict';

import { FileBox } from 'file-box';
import type { Friendship } from 'wechaty';
import { types } from 'wechaty-puppet';

import { next, runBot, type RunningBot } from './running-bot';

describe('PuppetSimulator: contacts', () => {
  let running: RunningBot;

  beforeEach(async () => {
    running = await runBot();
  });

  afterEach(() => running.bot.stop());

  it('lists friends only', async () => {
    const { puppet, simulation } = running;
    const ids = await puppet.contactList();
    assert.equal(ids.length, 8);
    const friends = simulation.contacts().filter(({ isFriend }) => isFriend);
    assert.deepEqual(
      ids,
      friends.map(({ id }) => id),
    );
    assert.ok(simulation.contacts().length > ids.length);
    await assert.rejects(puppet.contactPayload('wxid_none'), /no such contact/);
  });

  it('sets alias, phones, company and description of a contact', async () => {
    const { puppet, simulation } = running;
    const { id } = simulation.contact('Alice');
    assert.equal((await puppet.contactPayload(id)).alias, undefined);
    await puppet.contactAlias(id, '爱丽丝');
    await puppet.contactPhone(id, ['123', '456']);
    await puppet.contactCorporationRemark(id, 'Acme');
    await puppet.contactDescription(id, 'met in Wonderland');
    assert.equal(await puppet.contactAlias(id), '爱丽丝');
    assert.equal(simulation.contact('爱丽丝').id, id);
    const { alias, phone, corporation, description } = await puppet.contactPayload(id);
    assert.deepEqual(
      { alias, phone, corporation, description },
      { alias: '爱丽丝', phone: ['123', '456'], corporation: 'Acme', description: 'met in Wonderland' },
    );
    await puppet.contactAlias(id, null);
    assert.equal(await puppet.contactAlias(id), '');
    await assert.rejects(puppet.contactAlias('wxid_grace', 'x'), /not a friend/);
    await assert.rejects(puppet.contactPhone(simulation.self.id, []), /itself/);
  });

  it('changes name, signature and avatar of the bot only', async () => {
    const { puppet, simulation } = running;
    await puppet.contactSelfName('Robo');
    await puppet.contactSelfSignature('beep');
    const { name, signature } = await puppet.contactPayload(simulation.self.id);
    assert.deepEqual([name, signature], ['Robo', 'beep']);
    assert.equal(simulation.self.name, 'Robo');
    await assert.rejects(puppet.contactSelfName(''), /empty/);
    assert.match(
      await puppet.contactSelfQRCode(),
      /^https:\/\/u\.weixin\.qq\.com\/|^https:\/\/u\.wechat\.com\//,
    );

    const drawn = await puppet.contactAvatar(simulation.self.id);
    assert.equal(drawn.mediaType, 'image/svg+xml');
    await puppet.contactAvatar(simulation.self.id, FileBox.fromBuffer(Buffer.from('me'), 'me.png'));
    const own = await puppet.contactAvatar(simulation.self.id);
    assert.deepEqual([own.name, (await own.toBuffer()).toString()], ['me.png', 'me']);
    const theirs = FileBox.fromBuffer(Buffer.from('you'), 'you.png');
    await assert.rejects(puppet.contactAvatar('wxid_ming', theirs), /its owner only/);
  });

  it('returns a changed name at once', async () => {
    const { puppet, simulation } = running;
    assert.equal((await puppet.contactPayload('wxid_bob')).name, 'Bob');
    simulation.contact('Bob').changeName('Robert');
    assert.equal((await puppet.contactPayload('wxid_bob')).name, 'Robert');
  });

  it('adds, lists and removes tags', async () => {
    const { puppet } = running;
    await puppet.tagContactAdd('vip', 'wxid_ming');
    await puppet.tagContactAdd('vip', 'wxid_bob');
    await puppet.tagContactAdd('work', 'wxid_bob');
    assert.deepEqual(await puppet.tagContactList(), ['vip', 'work']);
    assert.deepEqual(await puppet.tagContactList('wxid_ming'), ['vip']);
    await puppet.tagContactRemove('vip', 'wxid_bob');
    assert.deepEqual(await puppet.tagContactList('wxid_bob'), ['work']);
    await puppet.tagContactDelete('work');
    assert.deepEqual(await puppet.tagContactList(), ['vip']);
    await assert.rejects(puppet.tagContactDelete('work'), /no such tag/);
    await assert.rejects(puppet.tagContactAdd('vip', 'wxid_none'), /no such contact/);
  });

  it('receives and accepts a friend request', async () => {
    const { bot, puppet, simulation } = running;
    const requested = next<[Friendship]>(bot, 'friendship');
    simulation.contact('Grace').requestFriend('hi, let me in');
    const [request] = await requested;
    assert.equal(request.type(), types.Friendship.Receive);
    assert.equal(request.hello(), 'hi, let me in');
    assert.equal(request.contact().name(), 'Grace');
    const confirmed = next<[Friendship]>(bot, 'friendship');
    await request.accept();
    const [confirmation] = await confirmed;
    assert.equal(confirmation.type(), types.Friendship.Confirm);
    assert.equal(simulation.contact('Grace').isFriend, true);
    assert.equal((await puppet.contactPayload('wxid_grace')).friend, true);
    assert.ok((await puppet.contactList()).includes('wxid_grace'));
    await puppet.messageSendText('wxid_grace', 'welcome');
    await assert.rejects(puppet.friendshipAccept(request.id), /friend already/);
    await assert.rejects(puppet.friendshipAccept(confirmation.id), /not one that can be accepted/);
    await assert.rejects(puppet.friendshipAccept('friendship-99'), /no such friend request/);
    assert.throws(() => simulation.contact('Grace').requestFriend(), /friend already/);
  });

  it('searches by phone and handle, and sends a friend request', async () => {
    const { puppet, simulation } = running;
    const id = await puppet.friendshipSearchPhone('13900000003');
    assert.equal(id, simulation.contact('Tom').id);
    assert.equal(await puppet.friendshipSearchHandle('tom-cat'), id);
    assert.equal(await puppet.friendshipSearchPhone('0'), null);
    await puppet.friendshipAdd('wxid_tom', { hello: 'hello Tom' });
    assert.equal(simulation.contact('Tom').isFriend, false);
    const confirmed = next<[{ friendshipId: string }]>(puppet, 'friendship');
    simulation.contact('Tom').acceptFriend();
    const [{ friendshipId }] = await confirmed;
    assert.equal((await puppet.friendshipPayload(friendshipId)).type, types.Friendship.Confirm);
    assert.equal(simulation.contact('Tom').isFriend, true);
    await assert.rejects(puppet.friendshipAdd('wxid_tom', ''), /friend already/);
    await assert.rejects(puppet.friendshipAdd(simulation.self.id, ''), /its own friend/);
    await assert.rejects(puppet.friendshipAdd('wxid_none', ''), /no such contact/);
    assert.throws(
      () => simulation.contact('Grace').acceptFriend(),
      /has not sent wxid_grace a friend request/,
    );
  });

  it('rejects messages after the end of a friendship', async () => {
    const { puppet, simulation } = running;
    simulation.contact('Bob').unfriend();
    await assert.rejects(puppet.messageSendText('wxid_bob', 'hi'), /not a friend/);
  });
});
