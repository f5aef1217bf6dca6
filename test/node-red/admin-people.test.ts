import assert from 'node:assert/strict';
import { resolveOptions } from '../../src/puppets/simulator/options';
import { FlowTab } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

interface Page {
  items: {
    id: string;
    name: string;
    alias: string;
    roomAlias?: string;
    topic: string;
    memberCount: number;
  }[];
  cursor: string | null;
  loading?: boolean;
  error?: string;
}

describe('admin API: directory, avatars and puppets', () => {
  let nodeRed: NodeRed;
  let tab: FlowTab;

  before(async () => {
    nodeRed = await startNodeRed({ settings: { httpAdminRoot: '/somewhere/else', lang: 'zh-CN' } });
    tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot', options: '{"contacts": 10000, "rooms": 1000}' },
      { id: 'idle', type: 'wechat-bot', name: 'Idle', autoStart: false },
      { id: 'command', type: 'wechat-command', command: 'contactAliasSet', params: '{"id": 5}', wires: [[]] },
      {
        id: 'say',
        type: 'wechat-contact-say',
        contacts: 'wxid_ming',
        contactsType: 'str',
        contentType: 'Url',
        wires: [[]],
      },
    );
    await tab.ready();
  });

  after(() => nodeRed.stop());

  async function list(what: string, status = 200, bot = 'bot'): Promise<Page> {
    const response = await nodeRed.request(`wechat/bots/${tab.id(bot)}/${what}`);
    assert.equal(response.status, status, what);
    return (await response.json()) as Page;
  }

  /** Resolves with the page once the directory is loaded. */
  async function complete(what: string): Promise<Page> {
    for (;;) {
      const page = await list(what);
      if (!page.loading) return page;
    }
  }

  it('finds contacts with pagination', async () => {
    const first = await complete('contacts?query=wang&limit=200');
    assert.equal(first.items.length, 200);
    assert.ok(
      first.items.every(({ name, alias, id }) => `${name} ${alias} ${id}`.toLowerCase().includes('wang')),
    );
    const ids = new Set(first.items.map(({ id }) => id));
    for (let { cursor } = first; cursor !== null;) {
      const page = await list(`contacts?query=wang&limit=200&cursor=${cursor}`);
      for (const { id } of page.items) {
        assert.ok(!ids.has(id));
        ids.add(id);
      }
      ({ cursor } = page);
    }
    const all = await tab.simulation(
      (simulation) =>
        simulation.contacts().filter(({ id, name, isFriend }) => isFriend && /wang/i.test(`${name} ${id}`))
          .length,
    );
    assert.equal(ids.size, all);
    const [exact] = (await list(`contacts?query=${encodeURIComponent('小明')}`)).items;
    assert.deepEqual(exact, { id: 'wxid_ming', name: 'Ming', alias: '小明', friend: true });
    assert.equal((await list('contacts')).items.length, 50);
  });

  it('finds rooms and their members', async () => {
    const { items } = await complete('rooms?query=project');
    assert.ok(items.length > 10 && items.every(({ topic }) => topic.startsWith('Project')));
    const [team] = (await list('rooms?query=team')).items;
    assert.deepEqual([team?.topic, team?.memberCount], ['Team', 4]);
    await tab.simulation((simulation) => {
      simulation.contact('wxid_ming').setRoomAlias('Team', 'Captain');
    });
    const members = await list(`rooms/${encodeURIComponent(team?.id ?? '')}/members?query=captain`);
    assert.deepEqual(members.items, [{ id: 'wxid_ming', name: 'Ming', alias: '小明', roomAlias: 'Captain' }]);
    const two = await list('rooms/Team/members?limit=2');
    assert.deepEqual(
      two.items.map(({ id }) => id),
      ['wxid_bot', 'wxid_ming'],
    );
    assert.equal(
      (await list(`rooms/Team/members?limit=2&cursor=${two.cursor ?? ''}`)).items[0]?.id,
      'wxid_alice',
    );
  });

  it('serves an avatar only if the contact has one', async () => {
    const path = `wechat/bots/${tab.id('bot')}/avatar/wxid_bot`;
    assert.equal((await nodeRed.request(path)).status, 404);
    await tab.simulation((simulation) => {
      const data = Buffer.from('ffd8ffe000104a46', 'hex');
      simulation.wechat.profiles.setAvatar('wxid_bot', { name: 'me.jpg', data });
    });
    const shown = await nodeRed.request(path);
    assert.equal(shown.headers.get('content-type'), 'image/jpeg');
    const bots = (await (await nodeRed.request('wechat/bots')).json()) as { user?: { avatar?: string } }[];
    assert.ok(bots.some(({ user }) => user?.avatar === path));
  });

  it('returns errors in Node-RED’s language', async () => {
    assert.match((await list('contacts', 409, 'idle')).error ?? '', /机器人未登录/);
    assert.match((await list('contacts?limit=1000', 400)).error ?? '', /limit 必须是 1 到 200 之间的整数/);
    assert.match((await list('contacts?cursor=x', 400)).error ?? '', /cursor 不是/);
    assert.match((await list('rooms/nowhere/members', 404)).error ?? '', /没有 id 或群名为 nowhere 的群/);
    const path = `wechat/bots/${tab.id('bot')}/simulator/say`;
    const wrong = await nodeRed.request(path, { method: 'POST', body: { from: 5, text: 'x' } });
    assert.equal(((await wrong.json()) as Page).error, '请求有误：from 必须是 string。');
  });

  it('translates validation errors of commands and contents', async () => {
    await tab.send('command', { payload: '' });
    await nodeRed.logged(/contactAliasSet 的参数有误：.*必须/);
    await tab.send('say', { payload: 'no address' });
    await nodeRed.logged(/url 必须是完整的网址/);
    await tab.send('say', { payload: { url: 7 } });
    await nodeRed.logged(/url 必须是 string/);
  });

  it('lists puppets and whether they are installed', async () => {
    interface Puppet {
      name: string;
      installed: boolean;
      version?: string;
      install: string;
      options: { properties: Record<string, { description: string; 'x-description-zh': string }> };
    }
    const puppets = (await (await nodeRed.request('wechat/puppets')).json()) as Puppet[];
    const find = (name: string): Puppet | undefined => puppets.find((puppet) => puppet.name === name);
    const simulator = find('simulator');
    assert.deepEqual(
      Object.keys(simulator?.options.properties ?? {}).sort(),
      Object.keys(resolveOptions({})).sort(),
    );
    assert.equal(simulator?.installed, true);
    assert.match(find('wechaty-puppet-service')?.version ?? '', /^\d+\.\d+\.\d+/);
    const padlocal = find('wechaty-puppet-padlocal');
    assert.deepEqual(
      [padlocal?.installed, padlocal?.version, padlocal?.install],
      [false, undefined, 'npm install wechaty-puppet-padlocal'],
    );
    for (const { options } of puppets)
      for (const field of Object.values(options.properties))
        assert.ok(field.description && field['x-description-zh']);
  });
});
