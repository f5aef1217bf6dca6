/**
 * The test's agent inside Node-RED: a node that the harness puts into every user directory (see node-red.ts). It
 * talks to the test over the child process's message channel, which carries Buffers as they are. It is transpiled
 * on its own and knows nothing of the tests.
 */
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Call, Inside, Report } from './node-red-agent-protocol';

interface RuntimeEvent {
  id: string;
  payload?: { error?: string; types?: string[] };
}

function report(what: Report): void {
  process.send?.(what);
}

interface Worlds {
  worldOf: (botId: string) => object | undefined;
}

function run({ RED, require }: Inside, { source, argument, bot }: Call): unknown {
  // The transpiler of the tests wraps functions in __name, which does not exist here.
  const evaluate = runInThisContext(`(__name) => (${source})`) as (
    name: (named: unknown) => unknown,
  ) => (subject: object, argument: unknown) => unknown;
  const called = evaluate((named) => named);
  if (bot === undefined) return called({ RED, require }, argument);
  const { worldOf } = require('@wechat-flow/node-red-wechaty/dist/puppets/simulations.js') as Worlds;
  const world = worldOf(bot);
  if (world === undefined) throw new Error(`The bot ${bot} does not live in a simulated world.`);
  return called(world, argument);
}

async function answer(inside: Inside, call: Call): Promise<void> {
  const { id } = call;
  try {
    report({ kind: 'answer', id, value: await run(inside, call) });
  } catch (error) {
    report({ kind: 'failure', id, reason: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export = function (RED: NodeAPI): void {
  const inside: Inside = { RED, require: createRequire(join(String(RED.settings.userDir), 'package.json')) };

  function Sink(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    this.on('input', (message, _send, done) => {
      try {
        // Throws when a message holds what is not plain data.
        report({ kind: 'message', sink: this.id, message });
        done();
      } catch (error) {
        done(new Error(reasonOf(error)));
      }
    });
  }
  RED.nodes.registerType('test-sink', Sink);

  process.on('message', (call: Call) => void answer(inside, call));
  // A test run that was killed must not leave a Node-RED behind.
  process.on('disconnect', () => process.exit());

  RED.events.on('flows:started', () => report({ kind: 'started' }));
  RED.events.on('runtime-event', ({ id, payload }: RuntimeEvent) => {
    if (id === 'runtime-state' && payload?.error === 'missing-types') {
      report({ kind: 'missing-types', types: payload.types ?? [] });
    }
  });
  const listening = (): void =>
    report({ kind: 'listening', port: (RED.server.address() as AddressInfo).port });
  if (RED.server.listening) listening();
  else RED.server.once('listening', listening);
};
