import assert from 'node:assert/strict';
import type * as V8 from 'node:v8';
import type * as Vm from 'node:vm';
import type { Bot } from '../../src/bot/bot';
import { FlowTab, withSurroundings } from '../support/flow-tab';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

/** What keeps a Node-RED busy. */
interface Holdings {
  bots: number;
  timers: number;
  sockets: number;
  processListeners: number;
  runtimeListeners: number;
}

describe('deploying again', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  /** Deploys while 100 messages are on their way, and counts what became of each. */
  async function interrupted(type: 'full' | 'nodes', change: object = {}): Promise<void> {
    const nodes = (change: object = {}): FlowNode[] => [
      { id: 'bot', type: 'wechat-bot', options: '{"latency": 5}', minGap: 10, ...change },
      ...withSurroundings({ id: 'say', type: 'wechat-contact-say', to: 'Alice' }),
    ];
    const tab = await FlowTab.deploy(nodeRed, ...nodes());
    await tab.ready();
    await nodeRed.inside(({ RED }, id) => {
      for (let index = 0; index < 100; index += 1) RED.nodes.getNode(id).receive({ payload: `no. ${index}` });
    }, tab.id('say'));
    await tab.sink('out').take(10);
    const printed = nodeRed.logs.all.length;
    await tab.redeploy(nodes(change), type);
    await tab.ready();
    await tab.quiet();
    // What is printed takes a way of its own.
    const mark = `end of ${printed}`;
    await nodeRed.inside(({ RED }, text) => RED.log.info(text), mark);
    await nodeRed.logs.next((line) => line.includes(mark));
    const log = nodeRed.logs.all.slice(printed).filter((line) => line.includes('[wechat-contact-say'));
    const sent = await tab.world((world) => world.messages().map(({ text }) => text));
    assert.equal(new Set(sent).size, sent.length, 'nothing arrived twice');
    const passedOn = tab.sink('out').all.map(({ payload }) => String(payload));
    assert.equal(new Set(passedOn).size, passedOn.length, 'nothing was reported twice');
    const loggedSent = log.filter((line) => line.includes('done, after the flow'));
    const loggedFailed = log.filter((line) => line.includes('before this could be sent'));
    assert.deepEqual(
      passedOn.filter((text) => !sent.includes(text)),
      [],
      'nothing was reported as sent that was not',
    );
    const unheard = sent.filter((text) => !passedOn.includes(text));
    // What was between two nodes in that very moment is Node-RED's to lose: its node had passed it on.
    const between = unheard.length - loggedSent.length;
    assert.ok(between <= 1, `what reached no node any more was logged as sent, but for ${between}`);
    assert.equal(sent.length + loggedFailed.length, 100, 'and the rest as failed');
    assert.ok(loggedFailed.length > 0, 'the deploy came too late to interrupt anything');
  }

  it('in the middle of 100 sends leaves each sent or reported, and none sent twice', () =>
    interrupted('full'));

  it('only the bot, in the middle of 100 sends, does so too', () =>
    interrupted('nodes', { name: 'Another name' }));

  it('twenty times leaves one bot, one listener and nothing else behind', async () => {
    const nodes: FlowNode[] = [
      { id: 'bot', type: 'wechat-bot' },
      { id: 'in', type: 'wechat-on-event', wires: [['reply']] },
      { id: 'reply', type: 'wechat-message-reply', wires: [['out']] },
      { id: 'out', type: 'test-sink', wires: [] },
    ];
    const tab = await FlowTab.deploy(nodeRed, ...nodes);
    const holdings = (): Promise<Holdings> =>
      nodeRed.inside(({ RED, require }) => {
        const registry = require('@wechat-flow/node-red-wechaty/dist/nodes/runtime/bot-registry.js') as {
          deployedBots(): unknown[];
        };
        const resources = process.getActiveResourcesInfo();
        const count = (what: RegExp): number => resources.filter((name) => what.test(name)).length;
        const listeners = (emitter: NodeJS.EventEmitter): number =>
          emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
        return {
          bots: registry.deployedBots().length,
          timers: count(/^Timeout$/),
          sockets: count(/^(TCP|Pipe|TLS)/),
          processListeners: listeners(process),
          runtimeListeners: listeners(RED.events),
        };
      }, undefined);
    const answered = async (text: string): Promise<string[]> => {
      await tab.ready();
      await tab.world((world, said) => void world.contact('Ming').say(said).to(), text);
      await tab.sink('out').next();
      await tab.quiet();
      return tab.world((world) => world.messages().map(({ text: what }) => what));
    };

    assert.deepEqual(await answered('before'), ['before', 'before']);
    const before = await holdings();
    for (let round = 0; round < 20; round += 1) {
      await nodeRed.inside(({ RED }, id) => {
        const all = globalThis as { oldBots?: WeakRef<object>[] };
        const { bot } = RED.nodes.getNode(id) as unknown as { bot: Bot };
        (all.oldBots ??= []).push(new WeakRef(bot));
      }, tab.id('bot'));
      await tab.redeploy(nodes);
      // Every other one while the bot is still on its way.
      if (round % 2 === 0) await tab.ready();
    }
    assert.deepEqual(await answered('after'), ['before', 'before', 'after', 'after']);
    assert.deepEqual(await holdings(), before);
    const alive = await nodeRed.inside(async ({ require }) => {
      (require('node:v8') as typeof V8).setFlagsFromString('--expose-gc');
      const collect = (require('node:vm') as typeof Vm).runInNewContext('gc') as () => void;
      for (let turn = 0; turn < 5; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        collect();
      }
      const { oldBots = [] } = globalThis as { oldBots?: WeakRef<object>[] };
      return oldBots.filter((bot) => bot.deref()).length;
    }, undefined);
    // Node-RED itself may still hold the last deploy.
    assert.ok(alive <= 2, `${alive} of 20 old bots are still in memory`);
  });
});
