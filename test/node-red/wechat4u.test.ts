import assert from 'node:assert/strict';
import { defaults } from '../../src/nodes/bot/properties';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { WebWechat } from '../support/web-wechat';

describe('wechaty-puppet-wechat4u', function () {
  this.timeout(60_000);
  let wechat: WebWechat;
  let nodeRed: NodeRed;

  beforeEach(async () => {
    wechat = await WebWechat.start();
    nodeRed = await startNodeRed({ env: wechat.env });
    await nodeRed.comms();
  });

  afterEach(async () => {
    await nodeRed.stop();
    wechat.stop();
  });

  const nodes: FlowNode[] = flow(
    { ...defaults, id: 'bot', type: 'wechat-bot', name: 'Shop', puppet: 'wechaty-puppet-wechat4u' },
    { id: 'in', type: 'wechat-on-event', bot: 'bot', events: ['error'], wires: [['out']] },
    { id: 'out', type: 'test-sink', wires: [] },
  );

  /** Resolves when Node-RED has executed what an undeployed puppet left behind. */
  async function undeploy(): Promise<void> {
    await nodeRed.deploy([]);
    await nodeRed.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve, 50)), undefined);
  }

  async function logIn(): Promise<void> {
    wechat.isConfirmed = true;
    await nodeRed.deploy(nodes);
    await nodeRed.status('in', /^logged in: /);
    await wechat.requests.next((name) => name === 'synccheck');
    wechat.isConfirmed = false;
  }

  it('stops while a QR code is shown', async () => {
    await nodeRed.deploy(nodes);
    await nodeRed.status('in', /^scan the QR code/);
    await undeploy();
    await nodeRed.deploy(nodes);
    await nodeRed.status('in', /^scan the QR code/);
  });

  it('keeps the session when it stops, and logs in with it', async () => {
    await logIn();
    await undeploy();
    const before = wechat.requests.all.length;
    await nodeRed.deploy(nodes);
    await nodeRed.status('in', /^logged in: /);
    assert.ok(!wechat.requests.all.includes('webwxlogout'));
    assert.ok(!wechat.requests.all.slice(before).includes('jslogin'));
  });

  it('retries without a network, tells errors seldom, and keeps the session', async () => {
    await logIn();
    await undeploy();
    wechat.goOffline();
    await nodeRed.deploy(nodes);
    const attempts = 3;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await nodeRed.logs.next((line) => /Shop: restarting in \d+ s: /.test(line), 20_000);
    }
    assert.ok(nodeRed.sink('out').all.length <= attempts, JSON.stringify(nodeRed.sink('out').all));
    await wechat.goOnline();
    await nodeRed.status('in', /^logged in: /, 20_000);
    assert.ok(!wechat.requests.all.includes('webwxlogout'));
  });

  it('has a reason without a network and a session', async () => {
    wechat.goOffline();
    await nodeRed.deploy(nodes);
    const { text = '' } = await nodeRed.status('in', /^restarting in \d+ s: /);
    assert.match(text, /asked to be restarted: .+/);
    await undeploy();
  });

  it('shows a QR code when WeChat rejects the session', async () => {
    await logIn();
    await undeploy();
    wechat.initResult = 1101;
    await nodeRed.deploy(nodes);
    await nodeRed.status('in', /^scan the QR code/);
  });

  it('logs the account out on command', async () => {
    await logIn();
    await nodeRed.evaluate(async ({ RED }) => {
      const { run } = RED.nodes.getNode('bot') as unknown as {
        run: (name: string, params: object) => unknown;
      };
      await run('wechatyLogout', {});
    }, undefined);
    await nodeRed.status('in', /^scan the QR code/);
    assert.ok(wechat.requests.all.includes('webwxlogout'));
  });
});
