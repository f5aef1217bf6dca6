import assert from 'node:assert/strict';
import { OpenwxFixture } from './fixture';

type Post = Record<string, unknown> & { params?: unknown[] };

const png = Buffer.from('89504e470d0a1a0a', 'hex');

describe('check_event', () => {
  let fixture: OpenwxFixture;
  beforeEach(async () => {
    fixture = await OpenwxFixture.start({ settings: { eventQueueSize: 3 } });
  });
  afterEach(() => fixture.stop());

  const poll = (): Promise<Post[]> => fixture.call<Post[]>('check_event');

  it('hands an event to the client that waits longest, and to no other', async () => {
    const polls = [poll(), poll()];
    await fixture.call('get_client_info');
    fixture.simulation.contact('Ming').say('one').to();
    fixture.simulation.contact('Alice').say('two').to();
    const received = (await Promise.all(polls)).map((events) => events.map(({ content }) => content));
    assert.deepEqual(received.sort(), [['one'], ['two']]);
  });

  it('keeps the newest events', async () => {
    for (let count = 1; count <= 5; count += 1) fixture.simulation.contact('Ming').say(`${count}`).to();
    await fixture.simulated.nextEvent('message', (event) => (event.message as { text: string }).text === '5');
    const contents = (await poll()).map(({ content }) => content);
    assert.deepEqual(contents, ['3', '4', '5']);
  });

  it('loses no event on a client that disconnected', async () => {
    const controller = new AbortController();
    const aborted = fixture.get('check_event', {}, { signal: controller.signal }).catch(() => 'aborted');
    await fixture.call('get_client_info');
    controller.abort();
    assert.equal(await aborted, 'aborted');
    // The next response proves that the remote has processed the disconnect.
    await fixture.call('get_client_info');
    fixture.simulation.contact('Ming').say('for another client').to();
    assert.deepEqual(
      (await poll()).map(({ content }) => content),
      ['for another client'],
    );
  });

  it('returns no events when the remote stops', async () => {
    const polling = poll();
    await fixture.call('get_client_info');
    await fixture.remote.stop();
    assert.deepEqual(await polling, []);
  });

  it('returns messages of friends and groups with their fields', async () => {
    fixture.simulation.contact('Ming').say('hello').to();
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
    fixture.simulation.contact('Ming').say('hello group').in('Team');
    const [inGroup] = await poll();
    assert.deepEqual(
      [inGroup?.type, inGroup?.group, inGroup?.group_id, inGroup?.sender_category],
      ['group_message', 'Team', fixture.simulation.room('Team').id, undefined],
    );
    assert.ok(Number(inGroup?.time) < 1e11, 'in seconds');
  });

  it('returns messages of the bot with their origin', async () => {
    await fixture.call('send_friend_message', { id: 'wxid_ming', content: 'by a client' });
    const [byClient] = await poll();
    fixture.simulation.self.say('by phone').to('wxid_ming');
    const [byPhone] = await poll();
    const { id, from, source, class: kind } = byClient ?? {};
    assert.match(String(id), /^\d+:wxid_ming$/);
    assert.deepEqual([kind, from, source], ['send', 'api', 'local']);
    assert.deepEqual([byPhone?.class, byPhone?.from, byPhone?.source], ['send', undefined, 'outer']);
  });

  it('returns the origin when the puppet returns no message ids', async () => {
    fixture.simulation.faults = { noMessageIds: true };
    await fixture.call('send_friend_message', { id: 'wxid_ming', content: 'by a client' });
    assert.equal((await poll())[0]?.from, 'api');
  });

  it('returns links, cards, files and recalled messages', async () => {
    const ming = fixture.simulation.contact('Ming');
    const postOf = async (act: () => void): Promise<Post> => {
      act();
      const [post] = await poll();
      assert.ok(post);
      return post;
    };
    const image = await postOf(() => ming.say({ kind: 'image', name: 'a.png', data: png }).to());
    assert.deepEqual(
      [image.format, image.media_code, image.media_type, image.content],
      ['media', 3, 'image', '[图片]'],
    );
    assert.equal(image.media_id, `${String(image.id)}:3`);
    const revoked = await postOf(() => {
      ming.recall(String(image.id));
    });
    assert.deepEqual([revoked.format, revoked.revoke_id], ['revoke', image.id]);
    const link = await postOf(() =>
      ming.say({ kind: 'url', url: { url: 'https://x.example/', title: 'T' } }).to(),
    );
    assert.deepEqual([link.format, link.app_title, link.app_url], ['app', 'T', 'https://x.example/']);
    const card = await postOf(() => ming.say({ kind: 'card', contactId: 'wxid_alice' }).to());
    assert.deepEqual([card.format, card.card_id, card.card_name], ['card', 'wxid_alice', 'Alice']);
  });

  it('returns member, group and friend-request events; a request is accepted by its ticket', async () => {
    const team = fixture.simulation.room('Team');
    fixture.simulation.contact('李雷').join(team);
    const [joined] = await poll();
    const [member, group] = (joined?.params ?? []) as [{ id: string }, { id: string }];
    assert.deepEqual([joined?.event, member.id, group.id], ['new_group_member', 'wxid_lilei', team.id]);
    fixture.simulation.contact('李雷').leave(team);
    assert.equal((await poll())[0]?.event, 'lose_group_member');
    fixture.simulation.contact('Grace').requestFriend('let me in');
    const [request] = await poll();
    const [id, displayname, verify, ticket] = request?.params as string[];
    assert.deepEqual(
      [request?.event, id, displayname, verify],
      ['friend_request', 'wxid_grace', 'Grace', 'let me in'],
    );
    const params = { id: id ?? '', displayname: displayname ?? '', ticket: ticket ?? '' };
    const forged = await fixture.call('accept_friend_request', { ...params, ticket: 'v2_made_up' });
    assert.equal(forged.code, -1);
    assert.equal(fixture.simulation.contact('Grace').isFriend, false);
    assert.deepEqual(await fixture.call('accept_friend_request', params), {
      code: 0,
      status: 'success',
      ...params,
    });
    assert.equal(fixture.simulation.contact('Grace').isFriend, true);
    const [friend] = await poll();
    assert.deepEqual(
      [friend?.event, (friend?.params?.[0] as { id: string }).id],
      ['new_friend', 'wxid_grace'],
    );
  });
});
