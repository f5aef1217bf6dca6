/** The Openwx document: all calls by curl, and the fields of all responses and posts it shows. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaults as nodeDefaults, postEvents } from '../../src/nodes/openwx-remote/properties';
import { operations } from '../../src/remotes/openwx/operations/table';
import { OpenwxFixture } from '../unit/remotes/openwx/fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import {
  responseFields,
  calls,
  documentedEvents,
  openwxDocumentMissing,
  paths,
  posts,
} from './openwx-document';
import { fieldsOf } from './openwx-recorded';

/** Runs curl and returns its output. */
function curl(...options: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('curl', ['-sS', '--max-time', '10', ...options], (error, stdout) => {
      if (error) reject(new Error(error.message));
      else resolve(stdout);
    });
  });
}

function curlMissing(): string | undefined {
  return spawnSync('curl', ['--version']).status === 0 ? undefined : 'curl is not installed';
}

/** The names of all fields, at any depth. */
function names(value: unknown): Set<string> {
  return new Set(fieldsOf(value).flatMap((place) => place.split(/[.[\]]+/)));
}

describe('Openwx document', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let fixture: OpenwxFixture;
  let folder: string;
  // A member cannot be invited twice.
  const newcomers = ['wxid_hanmeimei', 'wxid_lilei'];
  const counts = { invited: 0, kicked: 0 };

  before(async function () {
    skipIfMissing.call(this, openwxDocumentMissing() ?? curlMissing());
    folder = await mkdtemp(join(tmpdir(), 'openwx-document-'));
    started.push({ stop: () => rm(folder, { recursive: true }) });
    await writeFile(join(folder, 'test.mp4'), 'a film');
    const files = { local: [folder], privateAddresses: 'refuse', maxBytes: 1024 * 1024 } as const;
    fixture = await OpenwxFixture.start({ settings: { files, allowStop: true, postEvents } });
    started.push({ stop: () => fixture.stop() });
  });
  after(() => stopAll(started));

  /** A call of the document with its placeholders replaced by contacts, a group and a file of the fixture. */
  async function replacePlaceholders(example: URL): Promise<URL> {
    const url = new URL(`${example.pathname}${example.search}`, fixture.url);
    const path = url.pathname.replace('/openwx/', '');
    const group = fixture.simulation.room('Team').id;
    const isAboutGroup = path.includes('group') || path === 'invite_friend';
    const values: Record<string, string | undefined> = {
      id: isAboutGroup ? group : path === 'make_friend' ? 'wxid_grace' : 'wxid_ming',
      group_id: group,
      displayname: isAboutGroup ? 'Team' : '小明',
      markname: '小明',
      account: 'ming-88',
      province: 'Beijing',
      city: 'Haidian',
      friends: path === 'invite_friend' ? newcomers[counts.invited % 2] : 'wxid_ming,wxid_alice',
      members: newcomers[counts.kicked % 2],
      media_path: join(folder, 'test.mp4'),
      timeout: '0.1',
    };
    if (path === 'invite_friend') counts.invited += 1;
    if (path === 'kick_group_member') counts.kicked += 1;
    for (const name of url.searchParams.keys()) {
      const value = values[name];
      if (value !== undefined) url.searchParams.set(name, value);
    }
    if (path === 'revoke_message') {
      const { id } = await fixture.call('send_friend_message', {
        id: 'wxid_ming',
        content: 'to be taken back',
      });
      url.searchParams.set('id', String(id));
    }
    if (url.searchParams.has('media_id')) {
      const { media_id } = await fixture.call('upload_media', { media_path: join(folder, 'test.mp4') });
      url.searchParams.set('media_id', String(media_id));
    }
    if (path === 'accept_friend_request') url.searchParams.set('ticket', await ticket());
    if (path === 'consult') url.searchParams.set('timeout', '0.1');
    if (path === 'set_markname') url.searchParams.set('new_markname', '小明');
    if (path === 'set_group_displayname') url.searchParams.set('new_displayname', 'Team');
    if (path === 'create_group') url.searchParams.set('displayname', 'Another');
    return url;
  }

  async function ticket(): Promise<string> {
    fixture.simulation.contact('wxid_tom').requestFriend('hello');
    for (;;) {
      const events = await fixture.call<{ event?: string; params?: string[] }[]>('check_event');
      const request = events.find(({ event }) => event === 'friend_request');
      if (request) return request.params?.[3] ?? '';
    }
  }

  it('has only known paths', () => {
    const known = operations.map(({ path }) => path);
    assert.deepEqual(
      paths().filter((path) => !known.includes(path)),
      [],
    );
    assert.equal(paths().length, 22);
  });

  it('has the known events and the default ones', () => {
    assert.deepEqual(documentedEvents().sort(), [...postEvents].sort());
    assert.equal(nodeDefaults.postEvents.length, 11);
  });

  it('has calls that all work with curl', async () => {
    fixture.simulation.contact('Grace').join('Team', { by: 'Ming' });
    const all = calls();
    assert.ok(all.length > 25);
    // The call that stops the bot comes last.
    const ordered = [...all.filter(({ pathname }) => !pathname.endsWith('stop_client')), ...all.slice(-1)];
    for (const example of new Set(ordered)) {
      const path = example.pathname.replace('/openwx/', '');
      if (path === 'stop_client') continue;
      const url = await replacePlaceholders(example);
      for (const form of [[], ['-d', url.search.slice(1)]]) {
        // These cannot be repeated.
        const isOnce = /make_friend|accept|revoke|kick|invite/.test(path);
        if (form.length > 0 && isOnce) continue;
        const target = form.length > 0 ? `${url.origin}${url.pathname}` : url.href;
        const stdout = await curl(...form, target);
        if (path === 'get_avatar') {
          assert.match(stdout, /^<svg/);
          continue;
        }
        const answer = JSON.parse(stdout) as { code?: number; status?: string };
        const isUnsupported = path === 'stick' || example.searchParams.has('group_id');
        const expected = isUnsupported ? 201 : 0;
        assert.equal(answer.code ?? 0, expected, `${target}: ${stdout.slice(0, 300)}`);
      }
    }
  });

  it('has responses whose fields all exist', async () => {
    const requests: Record<string, Record<string, string>> = {
      get_user_info: {},
      get_friend_info: {},
      get_group_info: {},
      search_friend: { account: 'ming-88' },
      search_group: { displayname: 'Team' },
      send_friend_message: { id: 'wxid_ming', media_path: join(folder, 'test.mp4') },
      send_group_message: { displayname: 'Team', media_path: join(folder, 'test.mp4') },
      consult: { id: 'wxid_ming', content: 'x', timeout: '0.05' },
      create_group: { friends: 'wxid_ming,wxid_bob' },
      invite_friend: { displayname: 'Team', friends: 'wxid_lilei' },
      kick_group_member: { displayname: 'Team', members: 'wxid_lilei' },
      set_markname: { id: 'wxid_bob', new_markname: 'Bobby' },
      set_group_displayname: { displayname: 'Team', new_displayname: 'Team' },
      get_client_info: {},
      upload_media: { media_path: join(folder, 'test.mp4') },
      stop_client: {},
    };
    for (const [path, params] of Object.entries(requests)) {
      const example = responseFields(path);
      assert.ok(example.length > 0, `the document has a response of ${path}`);
      const actual = names(await fixture.call(path, params));
      assert.deepEqual(
        example.filter((field) => !actual.has(field)),
        [],
        path,
      );
    }
    await fixture.simulated.untilState('stopped');
    fixture.simulated.bot.start();
    await fixture.simulated.untilState('ready');
  });

  it('has posts whose fields all exist', async () => {
    const { simulation } = fixture;
    const team = simulation.room('Team');
    const alice = simulation.contact('wxid_alice');
    await fixture.call('check_event', {});
    const received: Record<string, unknown>[] = [];
    const acts: (() => unknown)[] = [
      () => alice.say('hello').in(team),
      () => fixture.call('send_group_message', { id: team.id, content: 'x' }),
      () => alice.say({ kind: 'url', url: { url: 'https://x.example/', title: 'T' } }).in(team),
      () => simulation.self.recall(simulation.self.say('oh').in(team)),
      () => simulation.self.say({ kind: 'card', contactId: 'wxid_bob' }).to(alice),
      () => simulation.contact('wxid_zhaoqiang').requestFriend('hello'),
    ];
    for (const act of acts) {
      await act();
      received.push(...(await fixture.call<Record<string, unknown>[]>('check_event')));
    }
    // Real servers omit these as well.
    const omitted = ['uid', ...['receiver', 'receiver_uid', 'receiver_name'].map((name) => `send ${name}`)];
    const example = posts();
    assert.ok(example.length >= 7);
    for (const { post, fields } of example) {
      const [format] = /"?'?format'?"?(?: =>|:)\s*["'](\w+)/.exec(post)?.slice(1) ?? [];
      const [kind] = /'?"?class'?"?(?: =>|:)\s*["'](\w+)/.exec(post)?.slice(1) ?? [];
      if (!format || format === 'media' || post.includes('group_notice')) continue;
      const ours = received.find((one) => one.format === format && one.class === kind);
      assert.ok(ours, `an event like ${post} was received`);
      const has = new Set(Object.keys(ours));
      assert.deepEqual(
        fields.filter(
          (field) => !has.has(field) && ![field, `${kind} ${field}`].some((name) => omitted.includes(name)),
        ),
        [],
        post,
      );
    }
  });
});
