import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BotNode } from '../../src/nodes/runtime/bot-registry';
import { defaults } from '../../src/nodes/bot/properties';
import { ways } from '../support/faulty-puppet.cjs';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { running } from '../support/node-red-hooks';
import { createUserDirectory } from '../support/user-directory';

/** One way to throw, at one time. */
interface Case {
  readonly way: string;
  readonly when: string;
  readonly id: string;
}

const cases: readonly Case[] = ['construction', 'start', 'run', 'stop'].flatMap((when) =>
  ways.map((way) => ({ way, when, id: `${way}-at-${when}`.replaceAll(' ', '-') })),
);

/** Each case has a package of its own, which an error without an async context is attributed by. */
function installPuppet(userDir: string, { id }: Case): void {
  const name = `wechaty-puppet-${id}`;
  const folder = join(userDir, 'node_modules', name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
  copyFileSync(join(__dirname, '..', 'support', 'faulty-puppet.cjs'), join(folder, 'index.js'));
}

/** A bot whose puppet throws once, and a node that shows its state. */
function faultyBot({ way, when, id }: Case): FlowNode[] {
  const options = JSON.stringify({ way, when, label: id });
  return [
    { ...defaults, id: `bot-${id}`, type: 'wechat-bot', name: id, puppet: `wechaty-puppet-${id}`, options },
    { id, type: 'wechat-on-event', bot: `bot-${id}`, events: ['message'], wires: [[]] },
  ];
}

describe('a puppet that throws where nothing awaits it', () => {
  let nodeRed: NodeRed;
  before(async function () {
    this.timeout(60_000);
    const userDir = createUserDirectory();
    for (const one of cases) installPuppet(userDir, one);
    nodeRed = await startNodeRed({ userDir, flows: flow(...cases.flatMap(faultyBot)) });
  });

  after(() => nodeRed.stop());

  for (const { way, when, id } of cases.filter(({ when }) => when !== 'stop')) {
    it(`restarts the bot: ${way} at ${when}`, async () => {
      await nodeRed.logged(new RegExp(`${id}: restarting .* thrown by ${id}`));
      await nodeRed.status(id, 'ready: Self');
    });
  }

  it('stops the bot: all ways at stop', async () => {
    const atStop = cases.filter(({ when }) => when === 'stop');
    for (const { id } of atStop) await nodeRed.status(id, 'ready: Self');
    await nodeRed.deploy([]);
    for (const { id } of atStop) await nodeRed.logged(new RegExp(`${id}: .* thrown by ${id}`));
    assert.deepEqual(await nodeRed.flows(), []);
  });
});

describe('an error of another part of Node-RED', () => {
  it('ends Node-RED as without this package, also when an event of a bot led to it', async () => {
    const nodeRed = await startNodeRed({
      flows: flow(
        { ...defaults, id: 'bot', type: 'wechat-bot', name: 'Shop', puppet: 'simulator' },
        { id: 'in', type: 'wechat-on-event', bot: 'bot', events: ['message'], wires: [[]] },
      ),
    });
    await nodeRed.status('in', /^ready/);
    await nodeRed.evaluate(({ RED }) => {
      const { onEvent } = RED.nodes.getNode('bot') as unknown as BotNode;
      onEvent(() => {
        setTimeout(() => {
          throw new Error('thrown by another node');
        }, 1);
      });
    }, undefined);
    // The exit is expected here; otherwise the harness reports it as a failure.
    running.delete(nodeRed);
    const exit = nodeRed.logs.nextArrival(() => false).catch((error: unknown) => String(error));
    await nodeRed.simulation('bot', (simulation) => {
      simulation.contact('Ming').say('ding').to(simulation.self);
    });
    assert.match(await exit, /Exited with 1/);
    assert.ok(nodeRed.logs.all.includes('[red] Uncaught Exception:'));
    assert.ok(nodeRed.logs.all.some((line) => line.includes('[error] Error: thrown by another node')));
    await nodeRed.stop().catch(() => undefined);
  });
});
