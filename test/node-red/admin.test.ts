import assert from 'node:assert/strict';
import type * as Fs from 'node:fs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlowTab } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';

/** Users of the test, all with the password `password`. */
const hash = '$2b$04$TzbpsN1iUgkihzG8K.r80OSzA68IF24/6WKmNzojj241tkRdetxJi';
const adminAuth = {
  type: 'credentials',
  users: [
    { username: 'admin', password: hash, permissions: '*' },
    { username: 'guest', password: hash, permissions: 'read' },
  ],
};

const token = 'puppet_token_4e1f2a9c';

describe('admin API: bots', () => {
  let nodeRed: NodeRed;
  let tab: FlowTab;
  let adminToken: string;
  let guest: string;

  before(async () => {
    nodeRed = await startNodeRed({ settings: { adminAuth, httpAdminRoot: '/red' } });
    const body = { client_id: 'node-red-editor', grant_type: 'password', scope: 'read' };
    const credentials = { username: 'guest', password: 'password' };
    const login = await nodeRed.request('auth/token', { method: 'POST', body: { ...body, ...credentials } });
    guest = ((await login.json()) as { access_token: string }).access_token;
    adminToken = await nodeRed.login('admin', 'password');
    tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot', options: '{"login": "scan"}', credentials: { token } },
      { id: 'in', type: 'wechat-on-event', events: [], includeSelf: true, wires: [['out', 'debug']] },
      { id: 'out', type: 'test-sink', wires: [] },
      {
        id: 'debug',
        type: 'debug',
        active: true,
        complete: 'true',
        targetType: 'full',
        console: true,
        tosidebar: true,
        wires: [],
      },
    );
  });

  after(() => nodeRed.stop());

  /** All routes that Node-RED serves below `wechat/`, in the notation of the documentation. */
  function routes(): Promise<string[]> {
    return nodeRed.evaluate(({ RED }) => {
      interface Layer {
        route?: { path: string; methods: Record<string, boolean> };
      }
      interface Stacked {
        stack: Layer[];
      }
      const app = RED.httpAdmin as unknown as { _router?: Stacked; router?: Stacked };
      const { stack } = app._router ?? app.router ?? { stack: [] };
      return stack
        .flatMap(({ route }) =>
          Object.keys(route?.methods ?? {}).map((method) => `${method.toUpperCase()} ${route?.path ?? ''}`),
        )
        .filter((route) => route.includes(' /wechat/'))
        .map((route) => route.replace(' /', ' '));
    }, undefined);
  }

  /** The HTTP status of each route for a user. */
  async function statusByRoute(as: string | null): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const route of await routes()) {
      const [method = '', path = ''] = route.split(' ');
      const named = path.replace(':id', tab.id('bot')).replace(/:\w+/g, 'some');
      const { status, body } = await nodeRed.request(named, { method, token: as });
      await body?.cancel();
      found.set(route, status);
    }
    return found;
  }

  /** Sends a request and parses the response. */
  async function getJson(method: string, path: string, status = 200): Promise<unknown> {
    const response = await nodeRed.request(path, { method });
    assert.equal(response.status, status, `${method} ${path}`);
    return response.json();
  }

  it('serves exactly the documented routes and permissions', async () => {
    const document = readFileSync(join(root, 'docs', 'admin-api.md'), 'utf8');
    const rows = [...document.matchAll(/^\| `((?:GET|POST) \S+)` +\| (\w+)/gm)];
    const documented = new Map(rows.map(([, route = '', permission = '']) => [route, permission]));
    assert.deepEqual([...documented.keys()].sort(), (await routes()).sort());
    // The QR code grants access to the account.
    assert.equal(documented.get('GET wechat/bots/:id/login'), 'write');
    const refused = [...(await statusByRoute(guest))].filter(([, status]) => status === 401);
    const toWrite = [...documented].filter(([, permission]) => permission === 'write');
    assert.deepEqual(refused.map(([route]) => route).sort(), toWrite.map(([route]) => route).sort());
  });

  it('rejects all requests without a login', async () => {
    for (const token of [null, 'nonsense']) {
      const statuses = await statusByRoute(token);
      assert.ok(statuses.size > 20);
      assert.deepEqual(
        [...statuses].filter(([, status]) => status !== 401),
        [],
      );
    }
  });

  it('returns 404 for unknown bots and actions', async () => {
    for (const path of ['nobody/start', `${tab.id('bot')}/explode`, `${tab.id('bot')}/toString`]) {
      assert.equal(
        (await nodeRed.request(`wechat/bots/${path}`, { method: 'POST', token: adminToken })).status,
        404,
      );
    }
    assert.equal((await nodeRed.request('wechat/bots/nobody/login', { token: adminToken })).status, 404);
  });

  it('returns the event table and the command table', async () => {
    const events = (await getJson('GET', 'wechat/events')) as {
      name: string;
      summary: object;
      schema: object;
    }[];
    assert.deepEqual(
      Object.keys(events.find(({ name }) => name === 'message')?.schema ?? {}).length > 0,
      true,
    );
    const commands = (await getJson('GET', 'wechat/commands')) as Record<string, unknown>[];
    const find = commands.find(({ name }) => name === 'roomFindAll');
    assert.deepEqual(Object.keys(find ?? {}).sort(), ['name', 'params', 'readOnly', 'summary']);
    assert.equal(find?.readOnly, true);
    assert.equal((find.summary as Record<string, string>)['zh-CN'], '获取群列表，可按群名或 /正则/ 筛选');
  });

  it('runs login, stop, start and logout', async () => {
    const path = `wechat/bots/${tab.id('bot')}`;
    await tab.status('in', /^scan the QR code/);
    const [shown] = (await getJson('GET', 'wechat/bots')) as Record<string, unknown>[];
    const { since, ...rest } = shown ?? {};
    assert.equal(typeof since, 'number');
    assert.deepEqual(rest, {
      id: tab.id('bot'),
      name: 'Shop',
      puppet: 'simulator',
      state: 'scanning',
      reason: 'scan the QR code: open the WeChat sidebar',
      user: null,
      waiting: 0,
      received: 0,
      sent: 0,
    });
    const code = await tab.simulation((simulation) => simulation.qrCode);
    const response = await nodeRed.request(`${path}/login`);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const login = (await response.json()) as { url: string; expiresAt: number; status: string };
    assert.deepEqual([login.url, login.status], [code, 'waiting']);
    assert.ok(login.expiresAt > Date.now());

    await tab.simulation((simulation) => simulation.scan());
    await tab.status('in', 'ready: Bot');
    const [ready] = (await getJson('GET', 'wechat/bots')) as Record<string, unknown>[];
    assert.deepEqual([ready?.state, ready?.user], ['ready', { id: 'wxid_bot', name: 'Bot' }]);
    const done = (await getJson('GET', `${path}/login`)) as object;
    assert.ok(!('url' in done) && 'status' in done && done.status === 'done');

    assert.equal(((await getJson('POST', `${path}/stop`)) as { state: string }).state, 'stopped');
    assert.match(
      ((await getJson('POST', `${path}/logout`, 409)) as { error: string }).error,
      /not logged in/,
    );
    await tab.status('in', 'stopped');
    await getJson('POST', `${path}/start`);
    await tab.status('in', 'ready: Bot');
    await getJson('POST', `${path}/logout`);
    await tab.status('in', /^scan the QR code/);
    await getJson('POST', `${path}/login`);
  });

  it('leaks no QR code, token and session', async () => {
    const comms = await nodeRed.comms();
    // Comms messages are ordered: everything published so far has arrived when a later message arrives.
    await tab.simulation((simulation) => simulation.scan());
    await tab.status('in', 'ready: Bot');
    await tab.simulation((simulation) => void simulation.contact('Ming').say('the last message').to());
    await tab.sink('out').next(({ payload }) => payload === 'the last message');
    await nodeRed.debug(({ msg }) => String(msg).includes('the last message'));
    const session = await nodeRed.evaluate(
      ({ require }, directory) => {
        return (require('node:fs') as typeof Fs).readFileSync(`${directory}/session.json`, 'utf8');
      },
      `${nodeRed.userDir}/wechat/${tab.id('bot')}`,
    );
    const secrets = [token, 'login.weixin.qq.com', /[0-9a-f]{64}/.exec(session)?.[0] ?? session];
    const everything: Record<string, unknown> = {
      log: nodeRed.logs.all,
      comms: comms.messages.all,
      flows: await nodeRed.flows(),
      messages: tab.sink('out').all,
      bots: await getJson('GET', 'wechat/bots'),
      activity: await getJson('GET', `wechat/bots/${tab.id('bot')}/activity`),
      simulator: await getJson('GET', `wechat/bots/${tab.id('bot')}/simulator`),
      said: await getJson('GET', `wechat/bots/${tab.id('bot')}/simulator/messages`),
      puppets: await getJson('GET', 'wechat/puppets'),
    };
    for (const [place, content] of Object.entries(everything)) {
      const text = JSON.stringify(content);
      assert.ok(text.length > 2, place);
      for (const secret of secrets) assert.ok(!text.includes(secret), `${place} contains ${secret}`);
    }
  });
});
