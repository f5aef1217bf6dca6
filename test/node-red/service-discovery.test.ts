import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaults } from '../../src/nodes/bot/properties';
import { freePort } from '../support/free-port';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { PuppetServer } from '../support/puppet-server-process';
import { testCertificate } from '../support/web-wechat';

const token = 'insecure_6f0c7d52-discovery';

describe('wechaty-puppet-service with a token and no endpoint', function () {
  this.timeout(60_000);
  let discovery: Server;
  let puppetServer: PuppetServer;
  let nodeRed: NodeRed;
  let respond: (response: ServerResponse) => void;

  before(async () => {
    discovery = createServer(await testCertificate(), (request, response) => {
      if (request.url === `/v0/hosties/${token}`) respond(response);
      else response.writeHead(400).end();
    });
    await new Promise<void>((resolve) => discovery.listen(0, '127.0.0.1', resolve));
    const port = await freePort();
    puppetServer = await PuppetServer.start(`127.0.0.1:${port}`, token);
    respond = (response) => response.end(JSON.stringify({ host: '127.0.0.1', port }));
    nodeRed = await startNodeRed({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
  });

  after(async () => {
    await nodeRed.stop();
    await puppetServer.kill();
    discovery.close();
  });

  let deployed = '';

  /** Deploys a bot and a node that shows its state: the node `deployed`, which has no status of an earlier test. */
  async function deploy(authority: string): Promise<void> {
    deployed = `in-${authority}-${Math.random()}`;
    await nodeRed.deploy(flows(authority, deployed));
  }

  function flows(authority: string, id: string): FlowNode[] {
    const puppet = 'wechaty-puppet-service';
    const options = JSON.stringify({ authority });
    return flow(
      { ...defaults, id: 'bot', type: 'wechat-bot', name: 'Shop', puppet, options, credentials: { token } },
      { id, type: 'wechat-on-event', bot: 'bot', events: ['error'], wires: [['out']] },
      { id: 'out', type: 'test-sink', wires: [] },
    );
  }

  const address = (): string => `127.0.0.1:${(discovery.address() as AddressInfo).port}`;

  /** The token is in no log line, status, event or state. */
  async function assertSecret(): Promise<void> {
    const state = await nodeRed.request('wechat/bots');
    const { messages } = await nodeRed.comms();
    const seen = [nodeRed.logs.all, messages.all, nodeRed.sink('out').all, await state.text()];
    assert.ok(!JSON.stringify(seen).includes(token));
  }

  it('connects to the endpoint that belongs to the token', async () => {
    await nodeRed.comms();
    await deploy(address());
    await nodeRed.status(deployed, 'ready: Bot', 30_000);
    await assertSecret();
  });

  const failures: [string, (response: ServerResponse) => void, RegExp][] = [
    ['unknown', (response) => response.writeHead(404).end(), /has no endpoint for the bot's token/],
    ['not connected', (response) => response.end('{"ip":"0.0.0.0","port":0}'), /has no endpoint/],
    ['answered with an error', (response) => response.writeHead(500).end(), /HTTP status 500/],
    ['answered with no JSON', (response) => response.end(`<p>${token}</p>`), /could not be asked .*JSON/],
    ['answered with a wrong address', (response) => response.end('{"host":"a/b","port":1}'), /no endpoint/],
    ['cut off', (response) => response.destroy(), /could not be asked .*: /],
  ];
  for (const [title, failure, reason] of failures) {
    it(`tells the reason and tries again: ${title}`, async () => {
      respond = failure;
      await deploy(address());
      const { text = '' } = await nodeRed.status(deployed, /^restarting in \d+ s/);
      assert.match(text, reason);
      await assertSecret();
    });
  }

  it('tells the reason and tries again: nothing listens', async () => {
    await deploy(`127.0.0.1:${await freePort()}`);
    const { text = '' } = await nodeRed.status(deployed, /^restarting in \d+ s/);
    assert.match(text, /ECONNREFUSED/);
    await assertSecret();
  });
});
