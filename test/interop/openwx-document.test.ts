/** The Openwx document: every call it shows, by curl, and the fields of every answer and post it shows. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postEvents, usualPostEvents } from '../../src/remotes/openwx/events/event-types';
import { operations } from '../../src/remotes/openwx/operations/table';
import { ServedBot } from '../unit/remotes/openwx/fixture';
import { needs, type Stoppable, stopAll } from './required-tools';
import {
  answerFields,
  calls,
  documentedEvents,
  openwxDocumentMissing,
  paths,
  posts,
} from './openwx-document';
import { fieldsOf } from './openwx-recorded';

/** What curl prints. */
function curl(...options: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('curl', ['-sS', '--max-time', '10', ...options], (error, stdout) => {
      if (error) reject(new Error(error.message));
      else resolve(stdout);
    });
  });
}

function curlMissing(): string | undefined {
  return spawnSync('curl', ['--version']).status === 0 ? undefined : 'there is no curl';
}

/** The names of all fields, however deep. */
function names(value: unknown): Set<string> {
  return new Set(fieldsOf(value).flatMap((place) => place.split(/[.[\]]+/)));
}

describe('the document of Openwx', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let bot: ServedBot;
  let folder: string;
  // Nobody can be invited twice.
  const newcomers = ['wxid_hanmeimei', 'wxid_lilei'];
  const counts = { invited: 0, kicked: 0 };

  before(async function () {
    needs.call(this, openwxDocumentMissing() ?? curlMissing());
    folder = await mkdtemp(join(tmpdir(), 'openwx-document-'));
    started.push({ stop: () => rm(folder, { recursive: true }) });
    await writeFile(join(folder, 'test.mp4'), 'a film');
    const files = { local: [folder], privateAddresses: 'refuse', maxBytes: 1024 * 1024 } as const;
    bot = await ServedBot.start({ settings: { files, allowStop: true, postEvents } });
    started.push({ stop: () => bot.end() });
  });
  after(() => stopAll(started));

  /** A call of the document with what it leaves open: people, a group, a file of ours. */
  async function filledIn(shown: URL): Promise<URL> {
    const url = new URL(`${shown.pathname}${shown.search}`, bot.url);
    const path = url.pathname.replace('/openwx/', '');
    const group = bot.world.room('Team').id;
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
      const { id } = await bot.ask('send_friend_message', { id: 'wxid_ming', content: 'to be taken back' });
      url.searchParams.set('id', String(id));
    }
    if (url.searchParams.has('media_id')) {
      const { media_id } = await bot.ask('upload_media', { media_path: join(folder, 'test.mp4') });
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
    bot.world.contact('wxid_tom').requestFriend('hello');
    for (;;) {
      const events = await bot.ask<{ event?: string; params?: string[] }[]>('check_event');
      const request = events.find(({ event }) => event === 'friend_request');
      if (request) return request.params?.[3] ?? '';
    }
  }

  it('names paths that all exist', () => {
    const known = operations.map(({ path }) => path);
    assert.deepEqual(
      paths().filter((path) => !known.includes(path)),
      [],
    );
    assert.equal(paths().length, 22);
  });

  it('names events that all can be chosen, and those that are usual', () => {
    assert.deepEqual(documentedEvents().sort(), [...postEvents].sort());
    assert.equal(usualPostEvents.length, 11);
  });

  it('shows calls that all work with curl', async () => {
    bot.world.contact('Grace').join('Team', { by: 'Ming' });
    const all = calls();
    assert.ok(all.length > 25);
    // What stops the bot comes last.
    const ordered = [...all.filter(({ pathname }) => !pathname.endsWith('stop_client')), ...all.slice(-1)];
    for (const shown of new Set(ordered)) {
      const path = shown.pathname.replace('/openwx/', '');
      if (path === 'stop_client') continue;
      const url = await filledIn(shown);
      for (const form of [[], ['-d', url.search.slice(1)]]) {
        // What was done once cannot be done again.
        const isOnce = /make_friend|accept|revoke|kick|invite/.test(path);
        if (form.length > 0 && isOnce) continue;
        const target = form.length > 0 ? `${url.origin}${url.pathname}` : url.href;
        const stdout = await curl(...form, target);
        if (path === 'get_avatar') {
          assert.match(stdout, /^<svg/);
          continue;
        }
        const answer = JSON.parse(stdout) as { code?: number; status?: string };
        const isUnsupported = path === 'stick' || shown.searchParams.has('group_id');
        const expected = isUnsupported ? 201 : 0;
        assert.equal(answer.code ?? 0, expected, `${target}: ${stdout.slice(0, 300)}`);
      }
    }
  });

  it('shows answers whose fields are all there', async () => {
    const asked: Record<string, Record<string, string>> = {
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
    for (const [path, params] of Object.entries(asked)) {
      const shown = answerFields(path);
      assert.ok(shown.length > 0, `the document shows an answer of ${path}`);
      const told = names(await bot.ask(path, params));
      assert.deepEqual(
        shown.filter((field) => !told.has(field)),
        [],
        path,
      );
    }
    await bot.simulated.state('stopped');
    bot.simulated.bot.start();
    await bot.simulated.state('ready');
  });

  it('shows posts whose fields are all there', async () => {
    const { world } = bot;
    const team = world.room('Team');
    const alice = world.contact('wxid_alice');
    await bot.ask('check_event', {});
    const told: Record<string, unknown>[] = [];
    const acts: (() => unknown)[] = [
      () => alice.say('hello').in(team),
      () => bot.ask('send_group_message', { id: team.id, content: 'x' }),
      () => alice.say({ kind: 'url', url: { url: 'https://x.example/', title: 'T' } }).in(team),
      () => world.self.recall(world.self.say('oh').in(team)),
      () => world.self.say({ kind: 'card', contactId: 'wxid_bob' }).to(alice),
      () => world.contact('wxid_zhaoqiang').requestFriend('hello'),
    ];
    for (const act of acts) {
      await act();
      told.push(...(await bot.ask<Record<string, unknown>[]>('check_event')));
    }
    // A real server does not tell these either.
    const unsaid = ['uid', ...['receiver', 'receiver_uid', 'receiver_name'].map((name) => `send ${name}`)];
    const shown = posts();
    assert.ok(shown.length >= 7);
    for (const { post, fields } of shown) {
      const [format] = /"?'?format'?"?(?: =>|:)\s*["'](\w+)/.exec(post)?.slice(1) ?? [];
      const [kind] = /'?"?class'?"?(?: =>|:)\s*["'](\w+)/.exec(post)?.slice(1) ?? [];
      if (!format || format === 'media' || post.includes('group_notice')) continue;
      const ours = told.find((one) => one.format === format && one.class === kind);
      assert.ok(ours, `something was told like ${post}`);
      const has = new Set(Object.keys(ours));
      assert.deepEqual(
        fields.filter(
          (field) => !has.has(field) && ![field, `${kind} ${field}`].some((name) => unsaid.includes(name)),
        ),
        [],
        post,
      );
    }
  });
});
