/** Replays the recording of a real Openwx server: same statuses, codes and fields, except for intended differences. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenwxFixture } from '../unit/remotes/openwx/fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { type Exchange, exchanges, fieldsOf, recordedPosts, recordingsMissing } from './openwx-recorded';

/** Additional fields of ours. */
const more = ['msg_id'];

/** Intended differences by request: our status, type and code. They are documented. */
const differences: Readonly<
  Record<string, { why: string; is: readonly [number, string, number | undefined] }>
> = {
  '-X POST get_user_info': {
    why: 'the document allows POST for all paths, the recorded server did not',
    is: [200, 'application/json', undefined],
  },
  '-H content-type: application/json -d {"id":"@alice","content":"x"} send_friend_message': {
    why: 'JSON bodies are read',
    is: [200, 'application/json', 0],
  },
  'send_friend_message?id=@alice': {
    why: 'a send without content is answered instead of never',
    is: [200, 'application/json', 200],
  },
  'set_markname?id=@alice&group_id=@@g1&new_markname=mm': {
    why: 'Wechaty has no remarks on members',
    is: [200, 'application/json', 201],
  },
  'stick?id=@alice&op=1': { why: 'Wechaty cannot keep a chat on top', is: [200, 'application/json', 201] },
  'stick?id=@@g1&op=0': { why: 'Wechaty cannot keep a chat on top', is: [200, 'application/json', 201] },
  'accept_friend_request?id=@req': {
    why: 'without a ticket there is no request to accept; the recorded server did not check',
    is: [200, 'application/json', -1],
  },
  '-o /dev/null get_avatar?id=@alice': {
    why: 'simulated contacts have SVG avatars',
    is: [200, 'image/svg+xml', undefined],
  },
  '-o /dev/null get_avatar?id=@stranger&group_id=@@g1': {
    why: 'all simulated contacts have avatars',
    is: [200, 'image/svg+xml', undefined],
  },
  '/': { why: 'no error page of a web framework', is: [404, 'text/plain;charset=UTF-8', undefined] },
};

describe('recorded Openwx server', () => {
  let fixture: OpenwxFixture;
  let folder: string;
  const ids: Record<string, string> = {};
  const started: Stoppable[] = [];

  before(async function () {
    skipIfMissing.call(this, recordingsMissing());
    folder = await mkdtemp(join(tmpdir(), 'openwx-recorded-'));
    started.push({ stop: () => rm(folder, { recursive: true }) });
    await writeFile(join(folder, 'a.png'), 'png');
    const files = { local: [folder], privateAddresses: 'refuse', maxBytes: 1024 * 1024 } as const;
    fixture = await OpenwxFixture.start({ settings: { files, allowStop: true } });
    started.push({ stop: () => fixture.stop() });
    await arrange();
  });
  after(() => stopAll(started));

  /** Creates the contacts and the group of the recording and maps their ids. */
  async function arrange(): Promise<void> {
    const { simulation } = fixture;
    simulation.self.changeName('机器人');
    simulation.contact('wxid_alice').changeName('爱丽丝');
    await fixture.call('set_markname', { id: 'wxid_alice', new_markname: '小爱' });
    await fixture.call('set_markname', { id: 'wxid_bob', new_markname: '' });
    const friends = 'wxid_alice,wxid_ming';
    const { group_id } = await fixture.call('create_group', { friends, displayname: '测试群' });
    simulation.contact('wxid_grace').join(String(group_id), { by: 'wxid_ming' });
    simulation.contact('wxid_tom').requestFriend('please');
    const request = await fixture.simulated.nextEvent('friendship').catch(() => undefined);
    assert.ok(request);
    const posts = await fixture.call<{ event?: string; params?: string[] }[]>('check_event');
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

  /** Replaces recorded ids by ours. */
  function withOwnIds(text: string): string {
    let replaced = text;
    for (const [recordedId, own] of Object.entries(ids)) {
      replaced = replaced
        .replaceAll(recordedId, own)
        .replaceAll(encodeURIComponent(recordedId), encodeURIComponent(own));
    }
    return replaced;
  }

  async function replay({ method, path, body, contentType }: Exchange) {
    const headers = contentType ? { 'content-type': contentType } : undefined;
    return fixture.fetch(withOwnIds(path), {
      method,
      ...(headers ? { headers } : {}),
      ...(body === undefined ? {} : { body: withOwnIds(body) }),
    });
  }

  it('is matched by every response', async function () {
    this.timeout(60_000);
    const unused = new Set(Object.keys(differences));
    const mismatches: string[] = [];
    const all = exchanges();
    assert.ok(all.length >= 60);
    for (const exchange of all) {
      const name = exchange.command.replace(/http:\/\/[^/]+(\/openwx\/)?/, '');
      const received = await replay(exchange);
      const code = (received.json as { code?: number } | undefined)?.code;
      const difference = differences[name];
      unused.delete(name);
      if (difference) {
        assert.deepEqual([received.status, received.type, code], difference.is, `${name}: ${difference.why}`);
        continue;
      }
      mapIds(exchange, received.json);
      const recorded = parsed(exchange.response);
      const type = exchange.type || 'application/json';
      if (received.status !== exchange.status || received.type !== type) {
        mismatches.push(`${name}: ${received.status} ${received.type}, not ${exchange.status} ${type}`);
      }
      if (recorded === undefined) {
        const isSame = name.includes('jsonp')
          ? received.text.startsWith('cb({')
          : received.text === exchange.response;
        if (!isSame && !name.startsWith('check_event'))
          mismatches.push(`${name}: ${received.text.slice(0, 100)}`);
        continue;
      }
      const { code: recordedCode, status } = recorded as { code?: number; status?: string };
      if (code !== recordedCode) mismatches.push(`${name}: code ${code}, not ${recordedCode}`);
      const ownStatus = (received.json as { status?: string }).status;
      // Statuses contain ids and a process id.
      const plain = (text = '') => withOwnIds(text).replace(/client\(\d+\)/, '');
      if (plain(ownStatus) !== plain(status)) mismatches.push(`${name}: ${ownStatus}, not ${status}`);
      const fields = new Set(fieldsOf(received.json));
      const missing = fieldsOf(recorded).filter((field) => !fields.has(field));
      if (missing.length > 0) mismatches.push(`${name} lacks ${missing.join(', ')}`);
      const known = new Set([...fieldsOf(recorded), ...more]);
      const unknown = [...fields].filter((field) => !known.has(field));
      if (unknown.length > 0) mismatches.push(`${name} also has ${unknown.join(', ')}`);
    }
    assert.deepEqual(mismatches, []);
    assert.deepEqual([...unused], [], 'differences that did not occur');
  });

  it('is matched by the fields of messages and events', async () => {
    const posts = recordedPosts();
    const { simulation } = fixture;
    if (fixture.simulated.bot.state.name !== 'ready') {
      fixture.simulated.bot.start();
      await fixture.simulated.untilState('ready');
    }
    const alice = simulation.contact('wxid_alice');
    const image = Buffer.from('89504e470d0a1a0a', 'hex');
    const acts: Record<string, () => unknown> = {
      'friend_message recv text': () => alice.say('hi').to(),
      'group_message recv text': () => alice.say('hi').in(ids['@@g1'] ?? ''),
      'friend_message recv media': () => alice.say({ kind: 'image', name: 'a.png', data: image }).to(),
      'friend_message recv app': () => alice.say({ kind: 'url', url: { url: 'http://u/', title: 'T' } }).to(),
      'friend_message recv revoke': () => alice.recall(alice.say('oh').to()),
      'friend_message recv card': () => alice.say({ kind: 'card', contactId: 'wxid_bob' }).to(),
      'friend_message send text local': () =>
        fixture.call('send_friend_message', { id: 'wxid_alice', content: 'x' }),
      'group_message send text local': () =>
        fixture.call('send_group_message', { id: ids['@@g1'] ?? '', content: 'x' }),
      'friend_message send text outer': () => simulation.self.say('from phone').to('wxid_alice'),
      friend_request: () => simulation.contact('wxid_zhaoqiang').requestFriend('hello'),
    };
    const checked = new Set<string>();
    for (const recorded of posts) {
      const { type, class: kind, format, event, source } = recorded;
      const name = [event ?? type, kind, format, source].filter(Boolean).join(' ');
      const act = acts[name];
      if (!act) continue;
      checked.add(name);
      await fixture.call('get_client_info');
      const waiting = fixture.call<Record<string, unknown>[]>('check_event');
      await act();
      let received = (await waiting).at(-1);
      const wanted = { type, class: kind, format, event, source };
      const isIt = () => Object.entries(wanted).every(([field, value]) => received?.[field] === value);
      while (!isIt()) received = (await fixture.call<Record<string, unknown>[]>('check_event')).at(-1);
      assert.deepEqual(Object.keys(received ?? {}).sort(), Object.keys(recorded).sort(), name);
    }
    assert.deepEqual([...checked].sort(), Object.keys(acts).sort());
  });

  /** Maps ids of responses to which later requests of the recording refer. */
  function mapIds({ response }: Exchange, own: unknown): void {
    const recorded = parsed(response) as { id?: unknown; media_id?: unknown } | undefined;
    const { id, media_id } = (own ?? {}) as { id?: unknown; media_id?: unknown };
    if (typeof recorded?.id === 'string' && typeof id === 'string' && /^\d+:/.test(recorded.id)) {
      const recordedId = recorded.id.replace(/@.*/, '');
      if (!(recordedId in ids)) ids[recordedId] = id.replace(/:.*/, ':');
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
