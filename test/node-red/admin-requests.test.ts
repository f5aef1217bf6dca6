import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { FlowTab } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

/** Requests a path with any `Host`, as after DNS rebinding. */
async function get(nodeRed: NodeRed, path: string, host: string): Promise<{ status: number; body: string }> {
  const outgoing = request(new URL(path, nodeRed.url), { headers: { host }, agent: false });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

describe('admin API: host names', () => {
  let nodeRed: NodeRed;
  let paths: string[];

  before(async () => {
    nodeRed = await startNodeRed({
      settings: { wechatAdminHosts: ['Bots.example.com', 'bots.example.org:8443'] },
    });
    const tab = await FlowTab.deploy(nodeRed, {
      id: 'bot',
      type: 'wechat-bot',
      options: '{"login": "scan"}',
    });
    paths = ['wechat/bots', `wechat/bots/${tab.id('bot')}/login`, 'wechat/commands'];
  });
  after(() => nodeRed.stop());

  for (const host of [
    'evil.example',
    'evil.example:1880',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil-localhost.example',
    'example.com',
    'evil.bots.example.com',
    'x'.repeat(3000) + '.example',
    '%',
  ]) {
    it(`rejects ${host.slice(0, 40)}`, async () => {
      for (const path of paths) {
        const { status, body } = await get(nodeRed, path, host);
        assert.equal(status, 403, path);
        assert.match(body, /wechatAdminHosts/);
        assert.ok(body.length < 400, body);
      }
    });
  }

  for (const host of [
    'localhost',
    'LOCALHOST:1880',
    'localhost.',
    '127.0.0.1:1880',
    '127.8.8.8',
    '[::1]:1880',
    '192.168.1.5:1880',
    '[fe80::1]',
    'raspberrypi:1880',
    'raspberrypi.local',
    'nodered.home.arpa',
    hostname(),
    'bots.example.com',
    'BOTS.EXAMPLE.COM:8080',
    'bots.example.org',
  ]) {
    it(`accepts ${host}`, async () => {
      assert.equal((await get(nodeRed, 'wechat/bots', host)).status, 200);
    });
  }
});

describe('admin API: bodies that are not UTF-8', () => {
  it('are rejected, whoever parses them', async () => {
    const nodeRed = await startNodeRed();
    const tab = await FlowTab.deploy(nodeRed, { id: 'bot', type: 'wechat-bot' });
    await tab.ready();
    const sayPath = `wechat/bots/${tab.id('bot')}/simulator/say`;
    const gbk = Buffer.from('{"from":"wxid_ming","text":"\xc4\xe3"}', 'latin1');
    const post = (
      type: string,
      more = {},
      body: Uint8Array<ArrayBuffer> | string = new Uint8Array(gbk),
    ): Promise<Response> =>
      fetch(new URL(sayPath, nodeRed.url), {
        method: 'POST',
        headers: { 'Content-Type': type, ...more },
        body,
      });
    for (const type of ['application/json', 'application/wechat+json']) {
      const response = await post(type);
      assert.equal(response.status, 400, type);
      assert.match(await response.text(), /UTF-8/);
    }
    assert.equal((await post('application/wechat+json; charset=gbk')).status, 415);
    assert.equal((await post('application/wechat+json', { 'Content-Encoding': 'gzip' })).status, 415);
    const withBom = '\uFEFF{"from":"wxid_ming","text":"a BOM"}';
    assert.equal((await post('application/wechat+json', {}, withBom)).status, 200);
    await nodeRed.stop();
  });
});

describe('admin API: host names with adminAuth', () => {
  it('leaves them to the access token', async () => {
    const nodeRed = await startNodeRed({
      settings: { adminAuth: { type: 'credentials', users: [], default: { permissions: 'read' } } },
    });
    assert.equal((await get(nodeRed, 'wechat/bots', 'bots.example.net')).status, 200);
    await nodeRed.stop();
  });
});
