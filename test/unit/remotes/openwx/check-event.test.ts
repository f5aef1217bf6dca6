import assert from 'node:assert/strict';
import { ServedBot } from './fixture';

type Post = Record<string, unknown> & { params?: unknown[] };

const png = Buffer.from('89504e470d0a1a0a', 'hex');

describe('check_event', () => {
  let bot: ServedBot;
  beforeEach(async () => {
    bot = await ServedBot.start({ settings: { eventQueueSize: 3 } });
  });
  afterEach(() => bot.end());

  const poll = (): Promise<Post[]> => bot.ask<Post[]>('check_event');

  it('gives the first that comes to who waits, and each to one only', async () => {
    const polls = [poll(), poll()];
    await bot.ask('get_client_info');
    bot.world.contact('Ming').say('one').to();
    bot.world.contact('Alice').say('two').to();
    const came = (await Promise.all(polls)).map((events) => events.map(({ content }) => content));
    assert.deepEqual(came.sort(), [['one'], ['two']]);
  });

  it('keeps the newest', async () => {
    for (let count = 1; count <= 5; count += 1) bot.world.contact('Ming').say(`${count}`).to();
    await bot.simulated.next('message', (event) => (event.message as { text: string }).text === '5');
    const contents = (await poll()).map(({ content }) => content);
    assert.deepEqual(contents, ['3', '4', '5']);
  });

  it('gives nothing to who went away', async () => {
    const away = new AbortController();
    const gone = bot.get('check_event', {}, { signal: away.signal }).catch(() => 'gone');
    await bot.ask('get_client_info');
    away.abort();
    assert.equal(await gone, 'gone');
    // The remote has learned of it when it counts one connection less, or answers the next request.
    await bot.ask('get_client_info');
    bot.world.contact('Ming').say('for somebody else').to();
    assert.deepEqual(
      (await poll()).map(({ content }) => content),
      ['for somebody else'],
    );
  });

  it('ends when the remote is stopped', async () => {
    const polling = poll();
    await bot.ask('get_client_info');
    await bot.remote.stop();
    assert.deepEqual(await polling, []);
  });

  it('tells messages of friends and groups with the fields they have', async () => {
    bot.world.contact('Ming').say('hello').to();
    const [direct] = await poll();
    assert.deepEqual(
      { ...direct, time: 0, id: '' },
      {
        post_type: 'receive_message',
        type: 'friend_message',
        class: 'recv',
        format: 'text',
        id: '',
        time: 0,
        content: 'hello',
        receiver: 'Bot',
        receiver_account: 'simulated-bot',
        receiver_id: 'wxid_bot',
        receiver_markname: '',
        receiver_name: 'Bot',
        receiver_uid: '',
        sender: '小明',
        sender_account: 'ming-88',
        sender_id: 'wxid_ming',
        sender_markname: '小明',
        sender_name: 'Ming',
        sender_uid: '',
        sender_category: '好友',
      },
    );
    bot.world.contact('Ming').say('hello group').in('Team');
    const [inGroup] = await poll();
    assert.deepEqual(
      [inGroup?.type, inGroup?.group, inGroup?.group_id, inGroup?.sender_category],
      ['group_message', 'Team', bot.world.room('Team').id, undefined],
    );
    assert.ok(Number(inGroup?.time) < 1e11, 'in seconds');
  });

  it('tells what the bot says, and who had it said', async () => {
    await bot.ask('send_friend_message', { id: 'wxid_ming', content: 'by a client' });
    const [byClient] = await poll();
    bot.world.self.say('by phone').to('wxid_ming');
    const [byPhone] = await poll();
    const { id, from, source, class: kind } = byClient ?? {};
    assert.match(String(id), /^\d+:wxid_ming$/);
    assert.deepEqual([kind, from, source], ['send', 'api', 'local']);
    assert.deepEqual([byPhone?.class, byPhone?.from, byPhone?.source], ['send', undefined, 'outer']);
  });

  it('tells what the bot says also where a puppet gives it no id', async () => {
    bot.world.faults = { noMessageIds: true };
    await bot.ask('send_friend_message', { id: 'wxid_ming', content: 'by a client' });
    assert.equal((await poll())[0]?.from, 'api');
  });

  it('tells links, cards, files and what was taken back', async () => {
    const ming = bot.world.contact('Ming');
    const told = async (say: () => void): Promise<Post> => {
      say();
      const [post] = await poll();
      assert.ok(post);
      return post;
    };
    const image = await told(() => ming.say({ kind: 'image', name: 'a.png', data: png }).to());
    assert.deepEqual(
      [image.format, image.media_code, image.media_type, image.content],
      ['media', 3, 'image', '[图片]'],
    );
    assert.equal(image.media_id, `${String(image.id)}:3`);
    const revoked = await told(() => {
      ming.recall(String(image.id));
    });
    assert.deepEqual([revoked.format, revoked.revoke_id], ['revoke', image.id]);
    const link = await told(() =>
      ming.say({ kind: 'url', url: { url: 'https://x.example/', title: 'T' } }).to(),
    );
    assert.deepEqual([link.format, link.app_title, link.app_url], ['app', 'T', 'https://x.example/']);
    const card = await told(() => ming.say({ kind: 'card', contactId: 'wxid_alice' }).to());
    assert.deepEqual([card.format, card.card_id, card.card_name], ['card', 'wxid_alice', 'Alice']);
  });

  it('tells of members, groups and requests, and a request is accepted by its ticket', async () => {
    const team = bot.world.room('Team');
    bot.world.contact('李雷').join(team);
    const [joined] = await poll();
    const [member, group] = (joined?.params ?? []) as [{ id: string }, { id: string }];
    assert.deepEqual([joined?.event, member.id, group.id], ['new_group_member', 'wxid_lilei', team.id]);
    bot.world.contact('李雷').leave(team);
    assert.equal((await poll())[0]?.event, 'lose_group_member');
    bot.world.contact('Grace').requestFriend('let me in');
    const [request] = await poll();
    const [id, displayname, verify, ticket] = request?.params as string[];
    assert.deepEqual(
      [request?.event, id, displayname, verify],
      ['friend_request', 'wxid_grace', 'Grace', 'let me in'],
    );
    const params = { id: id ?? '', displayname: displayname ?? '', ticket: ticket ?? '' };
    const forged = await bot.ask('accept_friend_request', { ...params, ticket: 'v2_made_up' });
    assert.equal(forged.code, -1);
    assert.equal(bot.world.contact('Grace').isFriend, false);
    assert.deepEqual(await bot.ask('accept_friend_request', params), {
      code: 0,
      status: 'success',
      ...params,
    });
    assert.equal(bot.world.contact('Grace').isFriend, true);
    const [friend] = await poll();
    assert.deepEqual(
      [friend?.event, (friend?.params?.[0] as { id: string }).id],
      ['new_friend', 'wxid_grace'],
    );
  });
});
