/**
 * The agent inside Node-RED: a node that the harness installs into every user directory (see node-red.ts). It
 * communicates with the test over the IPC channel of the child process, which preserves Buffers. It is transpiled
 * separately and must not import modules of the tests.
 */
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { AgentCall, AgentContext, AgentReport } from './node-red-agent-protocol';

interface RuntimeEvent {
  id: string;
  payload?: { error?: string; types?: string[] };
}

function report(agentReport: AgentReport): void {
  process.send?.(agentReport);
}

interface Simulations {
  findSimulation: (botId: string) => object | undefined;
}

function run({ RED, require }: AgentContext, { source, argument, bot }: AgentCall): unknown {
  // esbuild wraps functions of the tests in `__name`, which does not exist here.
  const evaluate = runInThisContext(`(__name) => (${source})`) as (
    name: (named: unknown) => unknown,
  ) => (subject: object, argument: unknown) => unknown;
  const called = evaluate((named) => named);
  if (bot === undefined) return called({ RED, require }, argument);
  const { findSimulation } =
    require('@wechat-flow/node-red-wechaty/dist/puppets/simulations.js') as Simulations;
  const simulation = findSimulation(bot);
  if (simulation === undefined) throw new Error(`The bot ${bot} has no simulation.`);
  return called(simulation, argument);
}

async function answer(context: AgentContext, call: AgentCall): Promise<void> {
  const { id } = call;
  try {
    report({ kind: 'answer', id, value: await run(context, call) });
  } catch (error) {
    report({ kind: 'failure', id, reason: errorText(error) });
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export = function (RED: NodeAPI): void {
  const context: AgentContext = {
    RED,
    require: createRequire(join(String(RED.settings.userDir), 'package.json')),
  };

  function Sink(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    this.on('input', (message, _send, done) => {
      try {
        // Throws if the message contains anything but plain data.
        report({ kind: 'message', sink: this.id, message });
        done();
      } catch (error) {
        done(new Error(errorText(error)));
      }
    });
  }
  RED.nodes.registerType('test-sink', Sink);

  process.on('message', (call: AgentCall) => void answer(context, call));
  // Ends Node-RED when the test process was killed.
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
