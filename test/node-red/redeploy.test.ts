import assert from 'node:assert/strict';
import type * as V8 from 'node:v8';
import type * as Vm from 'node:vm';
import type { Bot } from '../../src/bot/bot';
import { FlowTab, withProbes } from '../support/flow-tab';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

/** Counts of objects that keep a process alive. */
interface ActiveResources {
  bots: number;
  timers: number;
  sockets: number;
  processListeners: number;
  runtimeListeners: number;
}

describe('redeploy', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  /** Deploys during 100 sends and checks the result of each. */
  async function deployDuringSends(type: 'full' | 'nodes', change: object = {}): Promise<void> {
    const nodes = (change: object = {}): FlowNode[] => [
      { id: 'bot', type: 'wechat-bot', options: '{"latency": 5}', minGap: 10, ...change },
      ...withProbes({ id: 'say', type: 'wechat-contact-say', to: 'Alice' }),
    ];
    const tab = await FlowTab.deploy(nodeRed, ...nodes());
    await tab.ready();
    await nodeRed.evaluate(({ RED }, id) => {
      for (let index = 0; index < 100; index += 1) RED.nodes.getNode(id).receive({ payload: `no. ${index}` });
    }, tab.id('say'));
    await tab.sink('out').take(10);
    const printed = nodeRed.logs.all.length;
    await tab.redeploy(nodes(change), type);
    await tab.ready();
    await tab.settled();
    // Log lines arrive on another channel than messages.
    const mark = `end of ${printed}`;
    await nodeRed.evaluate(({ RED }, text) => RED.log.info(text), mark);
    await nodeRed.logs.next((line) => line.includes(mark));
    const log = nodeRed.logs.all.slice(printed).filter((line) => line.includes('[wechat-contact-say'));
    const sent = await tab.simulation((simulation) => simulation.messages().map(({ text }) => text));
    assert.equal(new Set(sent).size, sent.length, 'nothing arrived twice');
    const passedOn = tab.sink('out').all.map(({ payload }) => String(payload));
    assert.equal(new Set(passedOn).size, passedOn.length, 'nothing was reported twice');
    const loggedSent = log.filter((line) => line.includes('finished after the flow'));
    const loggedFailed = log.filter((line) => line.includes('before this could be sent'));
    assert.deepEqual(
      passedOn.filter((text) => !sent.includes(text)),
      [],
      'nothing was reported as sent that was not',
    );
    const unheard = sent.filter((text) => !passedOn.includes(text));
    // Node-RED may lose a message that is in transit between two nodes.
    const between = unheard.length - loggedSent.length;
    assert.ok(between <= 1, `what reached no node any more was logged as sent, but for ${between}`);
    assert.equal(sent.length + loggedFailed.length, 100, 'and the rest as failed');
    assert.ok(loggedFailed.length > 0, 'the deploy came too late to interrupt anything');
  }

  it('of all nodes during 100 sends reports each as sent or failed, and sends none twice', () =>
    deployDuringSends('full'));

  it('of the bot during 100 sends reports each as sent or failed, and sends none twice', () =>
    deployDuringSends('nodes', { name: 'Another name' }));

  it('twenty times leaves one bot and one listener', async () => {
    const nodes: FlowNode[] = [
      { id: 'bot', type: 'wechat-bot' },
      { id: 'in', type: 'wechat-on-event', wires: [['reply']] },
      { id: 'reply', type: 'wechat-message-reply', wires: [['out']] },
      { id: 'out', type: 'test-sink', wires: [] },
    ];
    const tab = await FlowTab.deploy(nodeRed, ...nodes);
    const activeResources = (): Promise<ActiveResources> =>
      nodeRed.evaluate(({ RED, require }) => {
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
    const reply = async (text: string): Promise<string[]> => {
      await tab.ready();
      await tab.simulation((simulation, said) => void simulation.contact('Ming').say(said).to(), text);
      await tab.sink('out').next();
      await tab.settled();
      return tab.simulation((simulation) => simulation.messages().map(({ text: what }) => what));
    };

    assert.deepEqual(await reply('before'), ['before', 'before']);
    const before = await activeResources();
    for (let round = 0; round < 20; round += 1) {
      await nodeRed.evaluate(({ RED }, id) => {
        const all = globalThis as { oldBots?: WeakRef<object>[] };
        const { bot } = RED.nodes.getNode(id) as unknown as { bot: Bot };
        (all.oldBots ??= []).push(new WeakRef(bot));
      }, tab.id('bot'));
      await tab.redeploy(nodes);
      // Every other deploy happens while the bot is starting.
      if (round % 2 === 0) await tab.ready();
    }
    assert.deepEqual(await reply('after'), ['before', 'before', 'after', 'after']);
    assert.deepEqual(await activeResources(), before);
    const alive = await nodeRed.evaluate(async ({ require }) => {
      (require('node:v8') as typeof V8).setFlagsFromString('--expose-gc');
      const collect = (require('node:vm') as typeof Vm).runInNewContext('gc') as () => void;
      for (let turn = 0; turn < 5; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        collect();
      }
      const { oldBots = [] } = globalThis as { oldBots?: WeakRef<object>[] };
      return oldBots.filter((bot) => bot.deref()).length;
    }, undefined);
    // Node-RED itself may hold references to the last deploy.
    assert.ok(alive <= 2, `${alive} of 20 old bots are still in memory`);
  });
});
