/** Two Node-REDs on one user directory, as after a mistaken second start. */
import assert from 'node:assert/strict';
import { flow, type FlowNode, NodeRed, startNodeRed } from '../support/node-red';
import { freePort } from '../support/free-port';

describe('a second Node-RED on the same user directory', function () {
  // Two Node-REDs start one after the other.
  this.timeout(90_000);
  let first: NodeRed;
  let second: NodeRed;
  let nodes: FlowNode[];

  before(async () => {
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const server = (type: string, index: number): FlowNode => ({
      id: type,
      type: `wechat-${type}-remote`,
      bot: 'bot',
      host: '127.0.0.1',
      port: String(ports[index]),
      wires: [[]],
    });
    nodes = [
      { id: 'bot', type: 'wechat-bot', name: 'Shop', puppet: 'simulator' },
      { id: 'mqtt', type: 'wechat-mqtt-remote', bot: 'bot', url: 'mqtt://127.0.0.1:1', wires: [[]] },
      {
        id: 'wehelp',
        type: 'wechat-wehelp-remote',
        bot: 'bot',
        callbackUrl: 'http://127.0.0.1:1/',
        wires: [[]],
      },
      ...['openwx', 'padchat', 'wxbot'].map(server),
    ];
    first = await startNodeRed({ flows: flow(...nodes) });
    for (const id of ['openwx', 'padchat', 'wxbot']) await first.status(id, /^listening/);
    await first.status('mqtt', /^reconnecting/);
    second = new NodeRed(first.userDir, {});
    await second.start();
  });
  after(async () => {
    await second.stop({ keep: true });
    await first.stop();
  });

  it('says so in the log and in each status, and works when the first one ends', async () => {
    for (const id of ['mqtt', 'wehelp']) {
      await second.status(id, /^another process uses its folder/);
      await second.logged(new RegExp(`\\[wechat-${id}-remote:.*Another process uses the store`));
    }
    for (const id of ['openwx', 'padchat', 'wxbot']) {
      await second.status(id, /^another program uses 127\.0\.0\.1/);
      await second.logged(new RegExp(`\\[wechat-${id}-remote:.*Another program uses 127\\.0\\.0\\.1`));
    }
    await first.kill('SIGTERM');
    for (const id of ['openwx', 'padchat', 'wxbot']) await second.status(id, /^listening/);
    await second.status('mqtt', /^reconnecting/, 20_000);
    await second.status('wehelp', /^reconnecting/, 20_000);
    assert.equal(second.logs.all.filter((line) => line.includes('Another process uses the store')).length, 2);
  });
});
