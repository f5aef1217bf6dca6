import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';

/** The texts of each language for a store of which one place is damaged. */
const texts = [
  ['en-US', /damaged records set aside: 1$/, /is damaged: .*: 1\./],
  ['zh-CN', /已移出 1 条损坏的记录$/, /有 1 处损坏/],
] as const;

describe('a remote with a damaged store', function () {
  // Node-RED starts twice.
  this.timeout(90_000);
  let nodeRed: NodeRed;
  afterEach(() => nodeRed.stop());

  for (const [lang, status, log] of texts) {
    it(`shows and logs what was set aside, and works (${lang})`, async () => {
      nodeRed = await startNodeRed({
        settings: { lang },
        flows: flow(
          { id: 'bot', type: 'wechat-bot', name: 'Shop', puppet: 'simulator' },
          { id: 'mqtt', type: 'wechat-mqtt-remote', bot: 'bot', url: 'mqtt://127.0.0.1:1', wires: [[]] },
        ),
      });
      await nodeRed.status('mqtt', /ECONNREFUSED/);
      await nodeRed.kill('SIGKILL');
      const entry = '00000000[99,["k!1",3]]\nabc\n';
      appendFileSync(join(nodeRed.userDir, 'wechat', 'mqtt', 'mqtt', 'journal'), entry);
      await nodeRed.start();
      await nodeRed.status('mqtt', status);
      await nodeRed.logged(log);
    });
  }
});
