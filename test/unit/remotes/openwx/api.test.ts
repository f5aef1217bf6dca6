import assert from 'node:assert/strict';
import { Compile } from 'typebox/compile';
import { operations } from '../../../../src/remotes/openwx/operations/table';
import { ServedBot } from './fixture';

interface Answer {
  readonly code: number;
  readonly status: string;
  readonly id: string;
  readonly msg_id: string;
  readonly group_id: string;
}

describe('the Openwx API', () => {
  let bot: ServedBot;
  before(async () => {
    bot = await ServedBot.start();
  });
  after(() => bot.end());

  /** The last thing the bot said to somebody or in a room. */
  const lastSaid = (to: string) => bot.world.messages({ conversation: to }).at(-1);

  it('has the 24 paths of the document and its implementation', () => {
    assert.equal(new Set(operations.map(({ path }) => path)).size, 24);
  });

  it('answers each path by GET and POST, as the table says', async () => {
    for (const { path, answer } of operations) {
      const validator = Compile(answer);
      for (const call of [() => bot.get(path), () => bot.post(path, {})]) {
        // Otherwise this one would wait for something to happen.
        if (path === 'check_event') bot.world.contact('Ming').say('x').to();
        const came = await call();
        assert.deepEqual([came.status, came.type], [200, 'application/json'], path);
        assert.equal(came.headers.get('access-control-allow-origin'), '*');
        // Without parameters many can only say what is missing.
        const isFailure = ((came.json as Partial<Answer>).code ?? 0) !== 0;
        assert.ok(isFailure || validator.Check(came.json), `${path}: ${came.text}`);
      }
    }
  });

  it('says of paths that there are not what a real server says', async () => {
    const { status, type, text } = await bot.get('send_message', { id: '1' });
    assert.deepEqual([status, type, text], [403, 'text/html;charset=UTF-8', 'api not found']);
    assert.equal((await bot.fetch('/')).status, 404);
    assert.equal((await bot.fetch('/openwx/get_user_info', { method: 'DELETE' })).status, 403);
    assert.equal((await bot.fetch('/openwx/../openwx/../etc/passwd')).status, 404);
  });

  it('lets pages ask what they may ask', async () => {
    const { status, headers } = await bot.fetch('/openwx/get_user_info', { method: 'OPTIONS' });
    assert.equal(status, 200);
    assert.equal(headers.get('access-control-allow-origin'), '*');
    assert.match(headers.get('access-control-allow-methods') ?? '', /GET, POST/);
  });

  it('finds friends by any attribute, and nobody by a pattern', async () => {
    const names = async (params: Record<string, string>): Promise<string[]> => {
      const found = await bot.ask<{ name: string }[]>('search_friend', params);
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

  it('finds groups with their members', async () => {
    const [team] = await bot.ask<{ id: string; member: { name: string }[] }[]>('search_group', {
      displayname: 'Team',
    });
    assert.equal(team?.id, bot.world.room('Team').id);
    assert.ok(team.member.some(({ name }) => name === 'Ming'));
  });

  for (const [by, params] of Object.entries<Record<string, string>>({
    id: { id: 'wxid_bob' },
    account: { account: 'bob-builder' },
    markname: { markname: '鲍勃' },
    displayname: { displayname: '鲍勃' },
  })) {
    it(`says something to a friend by ${by}`, async () => {
      const { code, status, id, msg_id } = await bot.ask<Answer>('send_friend_message', {
        ...params,
        content: `by ${by}`,
      });
      const said = lastSaid('wxid_bob');
      assert.deepEqual([code, status, id], [0, 'success', `${said?.id}:wxid_bob`]);
      assert.equal(msg_id, id);
      assert.equal(said?.text, `by ${by}`);
    });
  }

  it('says nothing to anybody where several are meant, or other attributes do not fit', async () => {
    await bot.ask('set_markname', { id: 'wxid_chenwei2', new_markname: '' });
    const before = bot.world.messages().length;
    const several = await bot.ask<Answer>('send_friend_message', { displayname: 'Chen Wei', content: 'x' });
    assert.equal(several.code, -2);
    assert.match(several.status, /wxid_chenwei1.*wxid_chenwei2/);
    const nobody = await bot.ask<Answer>('send_friend_message', {
      id: 'wxid_ming',
      account: 'x',
      content: 'x',
    });
    assert.deepEqual([nobody.code, nobody.id], [100, null]);
    assert.equal(bot.world.messages().length, before);
  });

  it('takes forms and JSON, and says something in a group', async () => {
    const form = await bot.post('send_group_message', { displayname: 'Team', content: '你好 a&b=c' });
    assert.equal((form.json as Answer).code, 0);
    assert.equal(lastSaid('Team')?.text, '你好 a&b=c');
    const json = await bot.fetch('/openwx/send_group_message', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ displayname: 'Team', content: 'by JSON' }),
    });
    assert.equal((json.json as Answer).code, 0);
    assert.equal(lastSaid('Team')?.text, 'by JSON');
  });

  it('answers what says nothing', async () => {
    const { code, status, id } = await bot.ask<Answer>('send_friend_message', {
      id: 'wxid_ming',
      content: ' ',
    });
    assert.deepEqual([code, status, id], [200, 'content empty', null]);
  });

  it('answers before it sends, where it is asked to', async () => {
    const sent = bot.world.nextMessage({ from: bot.world.self });
    const answer = await bot.ask('send_friend_message', { id: 'wxid_ming', content: 'later', async: '1' });
    assert.deepEqual(answer, { code: 0, status: 'request already in execution' });
    assert.equal((await sent).text, 'later');
  });

  it('writes to all friends', async () => {
    const friends = bot.world.contacts().filter(({ isFriend }) => isFriend);
    const all = Promise.all(friends.map((one) => bot.world.nextMessage({ conversation: one })));
    const { code, status, id } = await bot.ask<Answer>('send_friend_message', {
      id: '@all',
      content: 'to all',
    });
    assert.deepEqual([code, status, id], [0, 'request already executed', 0]);
    assert.deepEqual(new Set((await all).map(({ text }) => text)), new Set(['to all']));
  });

  it('makes and changes groups', async () => {
    const made = await bot.ask<Answer>('create_group', {
      friends: 'wxid_ming,wxid_alice',
      displayname: 'New',
    });
    assert.equal(made.code, 0);
    const room = bot.world.room('New');
    assert.equal(made.group_id, room.id);
    const { id } = room;
    assert.equal((await bot.ask<Answer>('invite_friend', { id, friends: 'wxid_bob' })).code, 0);
    assert.ok(room.memberIds.includes('wxid_bob'));
    assert.equal((await bot.ask<Answer>('kick_group_member', { id, members: 'wxid_bob' })).code, 0);
    assert.ok(!room.memberIds.includes('wxid_bob'));
    assert.equal(
      (await bot.ask<Answer>('set_group_displayname', { displayname: 'New', new_displayname: 'Newer' })).code,
      0,
    );
    assert.equal(room.topic, 'Newer');
    const few = await bot.ask<Answer>('create_group', { friends: 'wxid_ming' });
    assert.equal(few.code, -2);
  });

  it('changes what a friend is called', async () => {
    assert.equal((await bot.ask<Answer>('set_markname', { id: 'wxid_bob', new_markname: 'Bobby' })).code, 0);
    assert.equal(bot.world.contact('wxid_bob').alias, 'Bobby');
    const renamed = { markname: 'Bobby', new_markname: '鲍勃' };
    assert.equal((await bot.ask<Answer>('set_friend_markname', renamed)).code, 0);
    assert.equal(bot.world.contact('wxid_bob').alias, '鲍勃');
  });

  it('says what Wechaty cannot do', async () => {
    const { id } = bot.world.room('Team');
    for (const [path, params] of Object.entries<Record<string, string>>({
      stick: { id: 'wxid_ming', op: '1' },
      set_markname: { id: 'wxid_ming', group_id: id, new_markname: 'x' },
    })) {
      const { code, status } = await bot.ask<Answer>(path, params);
      assert.equal(code, 201, path);
      assert.match(status, /^unsupported/);
    }
  });

  it('asks members of groups to be friends, and nobody else', async () => {
    bot.world.contact('Grace').join('Team', { by: 'Ming' });
    assert.deepEqual(await bot.ask('make_friend', { id: 'wxid_grace', verify: 'hello' }), {
      code: 0,
      status: 'success',
    });
    bot.world.contact('Grace').acceptFriend();
    assert.equal((await bot.ask<Answer>('make_friend', { id: 'wxid_grace' })).code, 101);
    assert.equal((await bot.ask<Answer>('make_friend', { id: 'wxid_bot' })).code, 101);
    assert.equal((await bot.ask<Answer>('make_friend', { id: 'wxid_nobody' })).code, 100);
  });

  it('consults a friend, one question after the other', async () => {
    const questions = ['one', 'two', 'three'];
    const unlisten = bot.world.on('message', (message) => {
      if (message.talkerId !== bot.world.self.id || !questions.includes(message.text)) return;
      bot.world.contact('Alice').say('to somebody else').in('Team');
      bot.world.contact('Ming').say(`answer to ${message.text}`).to();
    });
    try {
      const answers = await Promise.all(
        questions.map((content) => bot.ask<{ reply: string }>('consult', { account: 'ming-88', content })),
      );
      assert.deepEqual(
        answers.map(({ reply }) => reply),
        questions.map((question) => `answer to ${question}`),
      );
    } finally {
      unlisten();
    }
  });

  it('says that nobody answered in time', async () => {
    const told = await bot.ask('consult', { account: 'ming-88', content: 'hello?', timeout: '0.05' });
    assert.deepEqual([told.code, told.reply, told.reply_status], [0, null, 'reply timeout']);
    assert.match(String(told.id), /:wxid_ming$/);
  });

  it('shows pictures, and need not show them twice', async () => {
    const first = await bot.get('get_avatar', { id: 'wxid_ming' });
    assert.equal(first.status, 200);
    assert.match(first.type, /^image\//);
    assert.match(first.headers.get('cache-control') ?? '', /max-age=3600/);
    // What a stranger draws must not run as a page.
    assert.match(first.headers.get('content-security-policy') ?? '', /sandbox/);
    const etag = first.headers.get('etag') ?? '';
    const again = await bot.get('get_avatar', { id: 'wxid_ming' }, { headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
    assert.match((await bot.get('get_avatar', { id: bot.world.room('Team').id })).type, /^image\//);
    assert.deepEqual(await bot.ask('get_avatar', { id: '@none' }), {
      code: 100,
      status: 'object not found',
      id: null,
    });
  });

  it('tells its owner of every call, without tokens and long texts', async () => {
    const seen = bot.handled.following(({ name }) => name === 'send_friend_message');
    await bot.ask('send_friend_message', { id: 'wxid_ming', content: 'x'.repeat(5000), token: 'T0P' });
    const { code, message, params, ms } = await seen;
    assert.deepEqual([code, message], [0, 'success']);
    assert.ok(ms >= 0 && JSON.stringify(params).length < 1200);
    assert.ok(!JSON.stringify(params).includes('T0P'));
  });

  it('does not stop the bot unless its owner allows it', async () => {
    assert.equal((await bot.ask<Answer>('stop_client')).code, -6);
  });
});

describe('an Openwx API with limits', () => {
  it('refuses what is not allowed, and what WeChat refuses', async () => {
    const bot = await ServedBot.start({
      settings: { permits: { allow: ['read-only', 'contactSay'], deny: [] } },
    });
    try {
      assert.equal((await bot.ask<Answer>('send_friend_message', { id: 'wxid_ming', content: 'x' })).code, 0);
      assert.equal((await bot.get('get_friend_info')).text.slice(0, 1), '[');
      const refused = await bot.ask<Answer>('send_group_message', { displayname: 'Team', content: 'x' });
      assert.deepEqual([refused.code, refused.id], [-6, null]);
      assert.match(refused.status, /roomSay/);
      bot.world.faults = { rejectSends: true };
      const failed = await bot.ask<Answer>('send_friend_message', { id: 'wxid_ming', content: 'x' });
      assert.deepEqual([failed.code, failed.id], [-1, null]);
      bot.world.faults = { noMessageIds: true };
      const nameless = await bot.ask<Answer>('send_friend_message', { id: 'wxid_ming', content: 'x' });
      assert.equal(nameless.code, 0);
      assert.match(nameless.id, /^\d+:wxid_ming$/);
    } finally {
      await bot.end();
    }
  });

  it('says that nobody is logged in', async () => {
    const bot = await ServedBot.start();
    try {
      await bot.simulated.bot.stop();
      const { code, status } = await bot.ask<Answer>('get_user_info');
      assert.equal(code, -3);
      assert.match(status, /not logged in/);
      const { code: fine, account } = await bot.ask('get_client_info');
      assert.deepEqual([fine, account], [0, 'Shop']);
    } finally {
      await bot.end();
    }
  });

  it('stops the bot where its owner allows it', async () => {
    const bot = await ServedBot.start({ settings: { allowStop: true } });
    try {
      const { code, status } = await bot.ask<Answer>('stop_client');
      assert.equal(code, 0);
      assert.match(status, /^success, client\(\d+\) will stop in 3 seconds$/);
      await bot.simulated.state('stopped');
    } finally {
      await bot.end();
    }
  });
});
