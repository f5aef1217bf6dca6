import assert from 'node:assert/strict';
import { Compile } from 'typebox/compile';
import { operations } from '../../../../src/remotes/openwx/operations/table';
import { OpenwxFixture } from './fixture';

interface Answer {
  readonly code: number;
  readonly status: string;
  readonly id: string;
  readonly msg_id: string;
  readonly group_id: string;
}

describe('Openwx operations', () => {
  let fixture: OpenwxFixture;
  before(async () => {
    fixture = await OpenwxFixture.start();
  });
  after(() => fixture.stop());

  /** The last message of a conversation. */
  const lastMessage = (to: string) => fixture.simulation.messages({ conversation: to }).at(-1);

  it('have the 24 paths of the document and of real servers', () => {
    assert.equal(new Set(operations.map(({ path }) => path)).size, 24);
  });

  it('answer GET and POST with the schema of the table', async () => {
    for (const { path, response: answer } of operations) {
      const validator = Compile(answer);
      for (const call of [() => fixture.get(path), () => fixture.post(path, {})]) {
        // Otherwise it would wait for an event.
        if (path === 'check_event') fixture.simulation.contact('Ming').say('x').to();
        const received = await call();
        assert.deepEqual([received.status, received.type], [200, 'application/json'], path);
        assert.equal(received.headers.get('access-control-allow-origin'), '*');
        // Without parameters many can only fail.
        const isFailure = ((received.json as Partial<Answer>).code ?? 0) !== 0;
        assert.ok(isFailure || validator.Check(received.json), `${path}: ${received.text}`);
      }
    }
  });

  it('answer unknown paths like a real server', async () => {
    const { status, type, text } = await fixture.get('send_message', { id: '1' });
    assert.deepEqual([status, type, text], [403, 'text/html;charset=UTF-8', 'api not found']);
    assert.equal((await fixture.fetch('/')).status, 404);
    assert.equal((await fixture.fetch('/openwx/get_user_info', { method: 'DELETE' })).status, 403);
    assert.equal((await fixture.fetch('/openwx/../openwx/../etc/passwd')).status, 404);
  });

  it('answer CORS preflight requests', async () => {
    const { status, headers } = await fixture.fetch('/openwx/get_user_info', { method: 'OPTIONS' });
    assert.equal(status, 200);
    assert.equal(headers.get('access-control-allow-origin'), '*');
    assert.match(headers.get('access-control-allow-methods') ?? '', /GET, POST/);
  });

  it('find friends by any attribute, but not by a pattern', async () => {
    const names = async (params: Record<string, string>): Promise<string[]> => {
      const found = await fixture.call<{ name: string }[]>('search_friend', params);
      return Array.isArray(found) ? found.map(({ name }) => name) : [];
    };
    assert.deepEqual(await names({ name: 'Bob' }), ['Bob']);
    assert.deepEqual(await names({ account: 'ming-88' }), ['Ming']);
    assert.deepEqual(await names({ name: 'Chen Wei' }), ['Chen Wei', 'Chen Wei']);
    assert.deepEqual(await names({ province: 'Beijing', sex: 'male' }), ['Ming']);
    assert.deepEqual(await names({ province: 'Beijing', sex: 'female' }), []);
    assert.deepEqual(await names({ displayname: '/.*/' }), []);
    assert.deepEqual(await names({ id: '/.*/' }), []);
    assert.deepEqual(await names({}), []);
  });

  it('find groups with their members', async () => {
    const [team] = await fixture.call<{ id: string; member: { name: string }[] }[]>('search_group', {
      displayname: 'Team',
    });
    assert.equal(team?.id, fixture.simulation.room('Team').id);
    assert.ok(team.member.some(({ name }) => name === 'Ming'));
  });

  for (const [by, params] of Object.entries<Record<string, string>>({
    id: { id: 'wxid_bob' },
    account: { account: 'bob-builder' },
    markname: { markname: '鲍勃' },
    displayname: { displayname: '鲍勃' },
  })) {
    it(`send a message to a friend by ${by}`, async () => {
      const { code, status, id, msg_id } = await fixture.call<Answer>('send_friend_message', {
        ...params,
        content: `by ${by}`,
      });
      const sent = lastMessage('wxid_bob');
      assert.deepEqual([code, status, id], [0, 'success', `${sent?.id}:wxid_bob`]);
      assert.equal(msg_id, id);
      assert.equal(sent?.text, `by ${by}`);
    });
  }

  it('reject an ambiguous or contradictory recipient', async () => {
    await fixture.call('set_markname', { id: 'wxid_chenwei2', new_markname: '' });
    const before = fixture.simulation.messages().length;
    const several = await fixture.call<Answer>('send_friend_message', {
      displayname: 'Chen Wei',
      content: 'x',
    });
    assert.equal(several.code, -2);
    assert.match(several.status, /wxid_chenwei1.*wxid_chenwei2/);
    const noMatch = await fixture.call<Answer>('send_friend_message', {
      id: 'wxid_ming',
      account: 'x',
      content: 'x',
    });
    assert.deepEqual([noMatch.code, noMatch.id], [100, null]);
    assert.equal(fixture.simulation.messages().length, before);
  });

  it('accept forms and JSON, and send to a group', async () => {
    const form = await fixture.post('send_group_message', { displayname: 'Team', content: '你好 a&b=c' });
    assert.equal((form.json as Answer).code, 0);
    assert.equal(lastMessage('Team')?.text, '你好 a&b=c');
    const json = await fixture.fetch('/openwx/send_group_message', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ displayname: 'Team', content: 'by JSON' }),
    });
    assert.equal((json.json as Answer).code, 0);
    assert.equal(lastMessage('Team')?.text, 'by JSON');
  });

  it('reject an empty message', async () => {
    const { code, status, id } = await fixture.call<Answer>('send_friend_message', {
      id: 'wxid_ming',
      content: ' ',
    });
    assert.deepEqual([code, status, id], [200, 'content empty', null]);
  });

  it('answer before the send with async=1', async () => {
    const sent = fixture.simulation.nextMessage({ from: fixture.simulation.self });
    const answer = await fixture.call('send_friend_message', {
      id: 'wxid_ming',
      content: 'later',
      async: '1',
    });
    assert.deepEqual(answer, { code: 0, status: 'request already in execution' });
    assert.equal((await sent).text, 'later');
  });

  it('send to all friends', async () => {
    const friends = fixture.simulation.contacts().filter(({ isFriend }) => isFriend);
    const all = Promise.all(friends.map((one) => fixture.simulation.nextMessage({ conversation: one })));
    const { code, status, id } = await fixture.call<Answer>('send_friend_message', {
      id: '@all',
      content: 'to all',
    });
    assert.deepEqual([code, status, id], [0, 'request already executed', 0]);
    assert.deepEqual(new Set((await all).map(({ text }) => text)), new Set(['to all']));
  });

  it('create and change groups', async () => {
    const made = await fixture.call<Answer>('create_group', {
      friends: 'wxid_ming,wxid_alice',
      displayname: 'New',
    });
    assert.equal(made.code, 0);
    const room = fixture.simulation.room('New');
    assert.equal(made.group_id, room.id);
    const { id } = room;
    assert.equal((await fixture.call<Answer>('invite_friend', { id, friends: 'wxid_bob' })).code, 0);
    assert.ok(room.memberIds.includes('wxid_bob'));
    assert.equal((await fixture.call<Answer>('kick_group_member', { id, members: 'wxid_bob' })).code, 0);
    assert.ok(!room.memberIds.includes('wxid_bob'));
    assert.equal(
      (await fixture.call<Answer>('set_group_displayname', { displayname: 'New', new_displayname: 'Newer' }))
        .code,
      0,
    );
    assert.equal(room.topic, 'Newer');
    const few = await fixture.call<Answer>('create_group', { friends: 'wxid_ming' });
    assert.equal(few.code, -2);
  });

  it('change the remark of a friend', async () => {
    assert.equal(
      (await fixture.call<Answer>('set_markname', { id: 'wxid_bob', new_markname: 'Bobby' })).code,
      0,
    );
    assert.equal(fixture.simulation.contact('wxid_bob').alias, 'Bobby');
    const renamed = { markname: 'Bobby', new_markname: '鲍勃' };
    assert.equal((await fixture.call<Answer>('set_friend_markname', renamed)).code, 0);
    assert.equal(fixture.simulation.contact('wxid_bob').alias, '鲍勃');
  });

  it('report what Wechaty does not support', async () => {
    const { id } = fixture.simulation.room('Team');
    for (const [path, params] of Object.entries<Record<string, string>>({
      stick: { id: 'wxid_ming', op: '1' },
      set_markname: { id: 'wxid_ming', group_id: id, new_markname: 'x' },
    })) {
      const { code, status } = await fixture.call<Answer>(path, params);
      assert.equal(code, 201, path);
      assert.match(status, /^unsupported/);
    }
  });

  it('send friend requests to members of groups only', async () => {
    fixture.simulation.contact('Grace').join('Team', { by: 'Ming' });
    assert.deepEqual(await fixture.call('make_friend', { id: 'wxid_grace', verify: 'hello' }), {
      code: 0,
      status: 'success',
    });
    fixture.simulation.contact('Grace').acceptFriend();
    assert.equal((await fixture.call<Answer>('make_friend', { id: 'wxid_grace' })).code, 101);
    assert.equal((await fixture.call<Answer>('make_friend', { id: 'wxid_bot' })).code, 101);
    assert.equal((await fixture.call<Answer>('make_friend', { id: 'wxid_nobody' })).code, 100);
  });

  it('consult a friend, one question at a time', async () => {
    const questions = ['one', 'two', 'three'];
    const unlisten = fixture.simulation.on('message', (message) => {
      if (message.talkerId !== fixture.simulation.self.id || !questions.includes(message.text)) return;
      fixture.simulation.contact('Alice').say('to another one').in('Team');
      fixture.simulation.contact('Ming').say(`answer to ${message.text}`).to();
    });
    try {
      const answers = await Promise.all(
        questions.map((content) =>
          fixture.call<{ reply: string }>('consult', { account: 'ming-88', content }),
        ),
      );
      assert.deepEqual(
        answers.map(({ reply }) => reply),
        questions.map((question) => `answer to ${question}`),
      );
    } finally {
      unlisten();
    }
  });

  it('report a reply timeout', async () => {
    const consulted = await fixture.call('consult', {
      account: 'ming-88',
      content: 'hello?',
      timeout: '0.05',
    });
    assert.deepEqual([consulted.code, consulted.reply, consulted.reply_status], [0, null, 'reply timeout']);
    assert.match(String(consulted.id), /:wxid_ming$/);
  });

  it('return avatars, and 304 for a known one', async () => {
    const first = await fixture.get('get_avatar', { id: 'wxid_ming' });
    assert.equal(first.status, 200);
    assert.match(first.type, /^image\//);
    assert.match(first.headers.get('cache-control') ?? '', /max-age=3600/);
    // An SVG must not run scripts.
    assert.match(first.headers.get('content-security-policy') ?? '', /sandbox/);
    const etag = first.headers.get('etag') ?? '';
    const again = await fixture.get(
      'get_avatar',
      { id: 'wxid_ming' },
      { headers: { 'if-none-match': etag } },
    );
    assert.equal(again.status, 304);
    assert.match(
      (await fixture.get('get_avatar', { id: fixture.simulation.room('Team').id })).type,
      /^image\//,
    );
    assert.deepEqual(await fixture.call('get_avatar', { id: '@none' }), {
      code: 100,
      status: 'object not found',
      id: null,
    });
  });

  it('are audited without tokens and long texts', async () => {
    const seen = fixture.audits.nextArrival(({ name }) => name === 'send_friend_message');
    await fixture.call('send_friend_message', { id: 'wxid_ming', content: 'x'.repeat(5000), token: 'T0P' });
    const { code, message, params, ms } = await seen;
    assert.deepEqual([code, message], [0, 'success']);
    assert.ok(ms >= 0 && JSON.stringify(params).length < 1200);
    assert.ok(!JSON.stringify(params).includes('T0P'));
  });

  it('do not stop the bot by default', async () => {
    assert.equal((await fixture.call<Answer>('stop_client')).code, -6);
  });
});
