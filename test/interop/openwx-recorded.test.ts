/** A real Openwx server, question for question: the same statuses, codes and fields, but for what differs on purpose. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServedBot } from '../unit/remotes/openwx/fixture';
import { needs, type Stoppable, stopAll } from './required-tools';
import { type Exchange, exchanges, fieldsOf, recordedPosts, recordingsMissing } from './openwx-recorded';

/** What is told besides. */
const more = ['msg_id'];

/**
 * What differs on purpose, by what was asked: our status, type and code. The README tells of these.
 */
const differences: Readonly<
  Record<string, { why: string; is: readonly [number, string, number | undefined] }>
> = {
  '-X POST get_user_info': {
    why: 'the document allows POST for all paths, that server did not',
    is: [200, 'application/json', undefined],
  },
  '-H content-type: application/json -d {"id":"@alice","content":"x"} send_friend_message': {
    why: 'JSON bodies are read',
    is: [200, 'application/json', 0],
  },
  'send_friend_message?id=@alice': {
    why: 'a send that says nothing is answered, and does not wait for ever',
    is: [200, 'application/json', 200],
  },
  'set_markname?id=@alice&group_id=@@g1&new_markname=mm': {
    why: 'Wechaty knows no remarks on members',
    is: [200, 'application/json', 201],
  },
  'stick?id=@alice&op=1': { why: 'Wechaty cannot keep a chat on top', is: [200, 'application/json', 201] },
  'stick?id=@@g1&op=0': { why: 'Wechaty cannot keep a chat on top', is: [200, 'application/json', 201] },
  'accept_friend_request?id=@req': {
    why: 'without a ticket there is no request to accept; that server asked nobody',
    is: [200, 'application/json', -1],
  },
  '-o /dev/null get_avatar?id=@alice': {
    why: 'the simulated people are drawn as SVG',
    is: [200, 'image/svg+xml', undefined],
  },
  '-o /dev/null get_avatar?id=@stranger&group_id=@@g1': {
    why: 'all simulated people have pictures',
    is: [200, 'image/svg+xml', undefined],
  },
  '/': { why: 'no page of a web framework', is: [404, 'text/plain;charset=UTF-8', undefined] },
};

describe('the recorded Openwx server', () => {
  let bot: ServedBot;
  let folder: string;
  const ids: Record<string, string> = {};
  const started: Stoppable[] = [];

  before(async function () {
    needs.call(this, recordingsMissing());
    folder = await mkdtemp(join(tmpdir(), 'openwx-recorded-'));
    started.push({ stop: () => rm(folder, { recursive: true }) });
    await writeFile(join(folder, 'a.png'), 'png');
    const files = { local: [folder], privateAddresses: 'refuse', maxBytes: 1024 * 1024 } as const;
    bot = await ServedBot.start({ settings: { files, allowStop: true } });
    started.push({ stop: () => bot.end() });
    await furnish();
  });
  after(() => stopAll(started));

  /** The people and the group of the recording, with the ids they have here. */
  async function furnish(): Promise<void> {
    const { world } = bot;
    world.self.changeName('机器人');
    world.contact('wxid_alice').changeName('爱丽丝');
    await bot.ask('set_markname', { id: 'wxid_alice', new_markname: '小爱' });
    await bot.ask('set_markname', { id: 'wxid_bob', new_markname: '' });
    const friends = 'wxid_alice,wxid_ming';
    const { group_id } = await bot.ask('create_group', { friends, displayname: '测试群' });
    world.contact('wxid_grace').join(String(group_id), { by: 'wxid_ming' });
    world.contact('wxid_tom').requestFriend('please');
    const request = await bot.simulated.next('friendship').catch(() => undefined);
    assert.ok(request);
    const posts = await bot.ask<{ event?: string; params?: string[] }[]>('check_event');
    const ticket = posts.find(({ event }) => event === 'friend_request')?.params?.[3];
    Object.assign(ids, {
      '@@g1': String(group_id),
      '@alice': 'wxid_alice',
      '@bob': 'wxid_bob',
      '@stranger': 'wxid_grace',
      '@self': 'wxid_bot',
      '@req': 'wxid_tom',
      v2_x: ticket ?? '',
      '/srv/media/a.png': join(folder, 'a.png'),
      'account=bob': 'account=bob-builder',
    });
  }

  /** The same with our ids. */
  function ours(text: string): string {
    let found = text;
    for (const [theirs, own] of Object.entries(ids)) {
      found = found.replaceAll(theirs, own).replaceAll(encodeURIComponent(theirs), encodeURIComponent(own));
    }
    return found;
  }

  async function replay({ method, path, body, contentType }: Exchange) {
    const headers = contentType ? { 'content-type': contentType } : undefined;
    return bot.fetch(ours(path), {
      method,
      ...(headers ? { headers } : {}),
      ...(body === undefined ? {} : { body: ours(body) }),
    });
  }

  it('is answered like', async function () {
    this.timeout(60_000);
    const unused = new Set(Object.keys(differences));
    const wrong: string[] = [];
    const all = exchanges();
    assert.ok(all.length >= 60);
    for (const exchange of all) {
      const name = exchange.asked.replace(/http:\/\/[^/]+(\/openwx\/)?/, '');
      const came = await replay(exchange);
      const code = (came.json as { code?: number } | undefined)?.code;
      const difference = differences[name];
      unused.delete(name);
      if (difference) {
        assert.deepEqual([came.status, came.type, code], difference.is, `${name}: ${difference.why}`);
        continue;
      }
      remember(exchange, came.json);
      const recorded = parsed(exchange.answer);
      const type = exchange.type || 'application/json';
      if (came.status !== exchange.status || came.type !== type) {
        wrong.push(`${name}: ${came.status} ${came.type}, not ${exchange.status} ${type}`);
      }
      if (recorded === undefined) {
        const isSame = name.includes('jsonp') ? came.text.startsWith('cb({') : came.text === exchange.answer;
        if (!isSame && !name.startsWith('check_event')) wrong.push(`${name}: ${came.text.slice(0, 100)}`);
        continue;
      }
      const { code: recordedCode, status } = recorded as { code?: number; status?: string };
      if (code !== recordedCode) wrong.push(`${name}: code ${code}, not ${recordedCode}`);
      const toldStatus = (came.json as { status?: string }).status;
      // They name what was asked for, and a process.
      const plain = (text = '') => ours(text).replace(/client\(\d+\)/, '');
      if (plain(toldStatus) !== plain(status)) wrong.push(`${name}: ${toldStatus}, not ${status}`);
      const fields = new Set(fieldsOf(came.json));
      const missing = fieldsOf(recorded).filter((field) => !fields.has(field));
      if (missing.length > 0) wrong.push(`${name} lacks ${missing.join(', ')}`);
      const known = new Set([...fieldsOf(recorded), ...more]);
      const besides = [...fields].filter((field) => !known.has(field));
      if (besides.length > 0) wrong.push(`${name} also has ${besides.join(', ')}`);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual([...unused], [], 'differences that were not met');
  });

  it('posts messages and events with the same fields', async () => {
    const posts = recordedPosts();
    const { world } = bot;
    if (bot.simulated.bot.state.name !== 'ready') {
      bot.simulated.bot.start();
      await bot.simulated.state('ready');
    }
    const alice = world.contact('wxid_alice');
    const image = Buffer.from('89504e470d0a1a0a', 'hex');
    const acts: Record<string, () => unknown> = {
      'friend_message recv text': () => alice.say('hi').to(),
      'group_message recv text': () => alice.say('hi').in(ids['@@g1'] ?? ''),
      'friend_message recv media': () => alice.say({ kind: 'image', name: 'a.png', data: image }).to(),
      'friend_message recv app': () => alice.say({ kind: 'url', url: { url: 'http://u/', title: 'T' } }).to(),
      'friend_message recv revoke': () => alice.recall(alice.say('oh').to()),
      'friend_message recv card': () => alice.say({ kind: 'card', contactId: 'wxid_bob' }).to(),
      'friend_message send text local': () =>
        bot.ask('send_friend_message', { id: 'wxid_alice', content: 'x' }),
      'group_message send text local': () =>
        bot.ask('send_group_message', { id: ids['@@g1'] ?? '', content: 'x' }),
      'friend_message send text outer': () => world.self.say('from phone').to('wxid_alice'),
      friend_request: () => world.contact('wxid_zhaoqiang').requestFriend('hello'),
    };
    const looked = new Set<string>();
    for (const recorded of posts) {
      const { type, class: kind, format, event, source } = recorded;
      const name = [event ?? type, kind, format, source].filter(Boolean).join(' ');
      const act = acts[name];
      if (!act) continue;
      looked.add(name);
      await bot.ask('get_client_info');
      const waiting = bot.ask<Record<string, unknown>[]>('check_event');
      await act();
      let came = (await waiting).at(-1);
      const wanted = { type, class: kind, format, event, source };
      const isIt = () => Object.entries(wanted).every(([field, value]) => came?.[field] === value);
      while (!isIt()) came = (await bot.ask<Record<string, unknown>[]>('check_event')).at(-1);
      assert.deepEqual(Object.keys(came ?? {}).sort(), Object.keys(recorded).sort(), name);
    }
    assert.deepEqual([...looked].sort(), Object.keys(acts).sort());
  });

  /** Ids that later requests of the recording refer to. */
  function remember({ answer }: Exchange, told: unknown): void {
    const recorded = parsed(answer) as { id?: unknown; media_id?: unknown } | undefined;
    const { id, media_id } = (told ?? {}) as { id?: unknown; media_id?: unknown };
    if (typeof recorded?.id === 'string' && typeof id === 'string' && /^\d+:/.test(recorded.id)) {
      const theirs = recorded.id.replace(/@.*/, '');
      if (!(theirs in ids)) ids[theirs] = id.replace(/:.*/, ':');
    }
    if (typeof media_id === 'string') ids['@crypt_1eb0ba44_cb3de736e6ccd5ae8:3'] ??= media_id;
  }
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
