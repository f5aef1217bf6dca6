/**
 * A real Node-RED for tests: the packed tarball installed into a fresh user directory, started in a child process.
 *
 * ```ts
 * describe('ding-dong', () => {
 *   let nodeRed: NodeRed;
 *   before(async () => {
 *     nodeRed = await startNodeRed({
 *       flows: flow(
 *         { id: 'bot', type: 'wechat-bot', name: 'Shop', puppet: 'simulator' },
 *         { id: 'in', type: 'wechat-on-event', bot: 'bot', events: ['message'], wires: [['out']] },
 *         { id: 'out', type: 'test-sink', wires: [] },
 *       ),
 *     });
 *   });
 *   after(() => nodeRed.stop());
 *
 *   it('receives a message', async () => {
 *     await nodeRed.status('in', /^ready/);
 *     await nodeRed.simulation('bot', (simulation) => void simulation.contact('Ming').say('ding').to());
 *     const message = await nodeRed.sink('out').next();
 *     assert.equal(message.payload, 'ding');
 *   });
 * });
 * ```
 *
 * Nothing here sleeps: all waits are for events, and a timeout error lists what arrived instead. The test fails when
 * Node-RED exits unexpectedly, or reports an uncaught exception, an unhandled rejection or a listener leak.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { NodeMessage } from 'node-red';
import type { Simulation } from '../../src/puppets/simulator';
import { CommsClient, type CommsMessage, type NodeStatus } from './comms-client';
import { AsyncQueue } from './async-queue';
import { installedModules, nodeBinary, nodeRedDir } from './package-install';
import { running } from './node-red-hooks';
import type { AgentCall, AgentContext, AgentReport } from './node-red-agent-protocol';
import { createUserDirectory, type FlowNode, writeFlows, writeSettings } from './user-directory';

export { flow, type FlowNode } from './user-directory';

/** Options of `startNodeRed`. */
export interface NodeRedOptions {
  /** The initial flows; none by default. */
  flows?: FlowNode[];
  /** Settings in addition to those of the harness; plain JSON. */
  settings?: { httpAdminRoot?: string; [name: string]: unknown };
  /** Environment variables in addition to those of this process. */
  env?: Record<string, string>;
  /** The user directory of a previous Node-RED, kept with `stop({ keep: true })`; a new one by default. */
  userDir?: string;
}

/** A message that reached a `test-sink`; Buffers and dates are preserved. */
export type SinkMessage = NodeMessage & Record<string, unknown>;

/** How a deploy restarts flows, as in the editor's Deploy menu. */
export type DeployType = 'full' | 'flows' | 'nodes' | 'reload';

const crashPattern = /Uncaught Exception|UnhandledPromiseRejection|MaxListenersExceededWarning/;

/** Timeout of Node-RED's start, in ms. */
const startTimeoutMs = 60_000;
/** Timeout of Node-RED's shutdown, in ms: it gives its nodes 15 s to close. */
const stopTimeoutMs = 20_000;

/** Starts Node-RED; resolves when the flows are started and the editor is served. */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRed> {
  const userDir = options.userDir ?? createUserDirectory();
  if (options.flows !== undefined || options.userDir === undefined) writeFlows(userDir, options.flows ?? []);
  const nodeRed = new NodeRed(userDir, options);
  await nodeRed.start();
  return nodeRed;
}

/** A running Node-RED, created by `startNodeRed`. */
export class NodeRed {
  /** The port of the editor; the same after a restart. */
  port = 0;
  /** All log lines in order. */
  readonly logs = new AsyncQueue<string>('log');
  private readonly reports = new AsyncQueue<AgentReport>('agent reports');
  private readonly sinks = new Map<string, AsyncQueue<SinkMessage>>();
  private child: ChildProcess | undefined;
  private editor: Promise<CommsClient> | undefined;
  private token: string | undefined;
  private calls = 0;
  private crash: Error | undefined;

  constructor(
    /** The user directory; removed by `stop`. */
    readonly userDir: string,
    private readonly options: NodeRedOptions,
  ) {}

  /** The URL of the editor, ending with a slash. */
  get url(): string {
    const path = `/${this.options.settings?.httpAdminRoot ?? ''}/`.replace(/\/+/g, '/');
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Starts Node-RED after `kill`, with the same user directory and port. */
  async start(): Promise<void> {
    writeSettings(this.userDir, this.port, this.options.settings ?? {});
    const child = spawn(nodeBinary, [join(nodeRedDir, 'red.js'), '--userDir', this.userDir], {
      cwd: this.userDir,
      env: { ...process.env, ...this.options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.child = child;
    running.add(this);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.onLogLine(line));
    }
    child.on('message', (report: AgentReport) => this.onReport(report));
    child.once('exit', (code, signal) => this.onExit(child, `Exited with ${signal ?? code}.`));
    const listening = this.reports.nextArrival(({ kind }) => kind === 'listening', startTimeoutMs);
    await Promise.all([this.flowsStarted(startTimeoutMs), listening]);
  }

  /** Stops Node-RED with SIGTERM and starts it with the same user directory and port. */
  async restart(): Promise<void> {
    await this.kill('SIGTERM');
    await this.start();
  }

  /** Sends a signal and waits for the exit; `SIGKILL` simulates a power cut. Can be followed by `start`. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    this.child = undefined;
    const timeout = AbortSignal.timeout(stopTimeoutMs);
    const exit = once(child, 'exit', { signal: timeout });
    child.kill(signal);
    await exit.catch(() => {
      child.kill('SIGKILL');
      throw this.failure(`Did not exit within ${stopTimeoutMs} ms after ${signal}.`);
    });
  }

  /** Stops Node-RED and removes its user directory. @throws if it crashed or did not exit. */
  async stop({ keep = false } = {}): Promise<void> {
    try {
      await this.kill('SIGTERM');
      this.assertHealthy();
    } finally {
      running.delete(this);
      if (!keep) rmSync(this.userDir, { recursive: true, force: true });
    }
  }

  /** Called after every test. @throws if Node-RED crashed or printed an uncaught error. */
  assertHealthy(): void {
    if (this.crash !== undefined) throw this.crash;
  }

  /** Deploys flows; resolves when they are started. */
  async deploy(flows: FlowNode[], type: DeployType = 'full'): Promise<void> {
    const started = this.flowsStarted();
    const [response] = await Promise.all([
      this.request('flows', { method: 'POST', body: flows, headers: { 'Node-RED-Deployment-Type': type } }),
      started,
    ]);
    if (!response.ok) throw this.failure(`The deploy failed with status ${response.status}.`);
  }

  /** The flows as the editor would load them. */
  async flows(): Promise<FlowNode[]> {
    const response = await this.request('flows');
    return (await response.json()) as FlowNode[];
  }

  /**
   * Sends an HTTP request to the admin API.
   * @param path relative to `url`, without a leading slash.
   * @param init as for `fetch`; an object as `body` is sent as JSON. `token: null` sends no token.
   */
  async request(
    path: string,
    init: Omit<RequestInit, 'body' | 'headers'> & {
      body?: unknown;
      headers?: Record<string, string>;
      token?: string | null;
    } = {},
  ): Promise<Response> {
    const { body, headers = {}, token = this.token, ...rest } = init;
    return fetch(new URL(path, this.url), {
      ...rest,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  }

  /** Logs in with `adminAuth`; later requests and `comms` use the token. @returns the token. */
  async login(username: string, password: string): Promise<string> {
    const body = { client_id: 'node-red-editor', grant_type: 'password', scope: '*', username, password };
    const response = await this.request('auth/token', { method: 'POST', body });
    if (!response.ok) throw this.failure(`The login failed with status ${response.status}.`);
    const { access_token } = (await response.json()) as { access_token: string };
    this.token = access_token;
    return access_token;
  }

  /** Triggers an inject node. */
  async inject(nodeId: string): Promise<void> {
    const response = await this.request(`inject/${nodeId}`, { method: 'POST' });
    if (!response.ok) throw this.failure(`The inject failed with status ${response.status}.`);
  }

  /** Sends a message to a node's input; Buffers are preserved. */
  async send(nodeId: string, message: Record<string, unknown>): Promise<void> {
    await this.evaluate(
      ({ RED }, [id, received]) => {
        RED.nodes.getNode(id).receive(received);
      },
      [nodeId, message] as const,
    );
  }

  /** The messages that reached the `test-sink` node with this id. */
  sink(nodeId: string): AsyncQueue<SinkMessage> {
    let inbox = this.sinks.get(nodeId);
    if (inbox === undefined) {
      inbox = new AsyncQueue(`sink ${nodeId}`);
      this.sinks.set(nodeId, inbox);
    }
    return inbox;
  }

  /** The comms connection; opened on first use and again after a restart. */
  async comms(): Promise<CommsClient> {
    this.editor ??= CommsClient.open(this.url, this.token);
    return this.editor;
  }

  /** Waits until the status of a node, starting with the current one, matches. @returns the status. */
  async status(nodeId: string, text: string | RegExp, timeout?: number): Promise<NodeStatus> {
    const comms = await this.comms();
    const fits = (status: NodeStatus): boolean =>
      typeof text === 'string' ? status.text === text : text.test(status.text ?? '');
    return comms.statusOf(nodeId).latest(fits, timeout);
  }

  /** Consumes the next matching message of a debug node. `comms` must be called before it is sent. */
  async debug(
    accept: (data: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    const comms = await this.comms();
    const fits = ({ topic, data }: CommsMessage): boolean =>
      topic === 'debug' && accept(data as Record<string, unknown>);
    return (await comms.messages.next(fits)).data as Record<string, unknown>;
  }

  /** Waits for a matching log line, starting with those already printed. */
  async logged(pattern: RegExp, timeout?: number): Promise<string> {
    const fits = (line: string): boolean => pattern.test(line);
    return this.logs.all.find(fits) ?? this.logs.nextArrival(fits, timeout);
  }

  /**
   * Runs a function inside Node-RED and resolves with its result. The function is sent as source text: it can use its
   * two parameters and globals, but no variables of the test file. Argument and result are structured-cloned.
   */
  async evaluate<A, R>(run: (inside: AgentContext, argument: A) => R, argument: A): Promise<Awaited<R>> {
    return (await this.call({ source: run.toString(), argument })) as Awaited<R>;
  }

  /** Runs a function on the simulation of a bot; restrictions as for `evaluate`. */
  async simulation<R, A = undefined>(
    botId: string,
    run: (simulation: Simulation, argument: A) => R,
    argument?: A,
  ): Promise<Awaited<R>> {
    return (await this.call({ source: run.toString(), argument, bot: botId })) as Awaited<R>;
  }

  private async call(call: Omit<AgentCall, 'id'>): Promise<unknown> {
    if (this.child === undefined) throw this.failure('Not running.');
    const id = ++this.calls;
    const answered = this.reports.nextArrival((report) => 'id' in report && report.id === id, startTimeoutMs);
    this.child.send({ ...call, id });
    const report = await answered;
    if (report.kind === 'failure') throw new Error(`Inside Node-RED: ${report.reason}`);
    return report.kind === 'answer' ? report.value : undefined;
  }

  private async flowsStarted(timeout?: number): Promise<void> {
    const report = await this.reports.nextArrival(
      ({ kind }) => kind === 'started' || kind === 'missing-types',
      timeout,
    );
    if (report.kind === 'missing-types') {
      throw this.failure(`Missing node types: ${report.types.join(', ')}.`);
    }
  }

  private onReport(report: AgentReport): void {
    if (report.kind === 'listening') this.port = report.port;
    if (report.kind === 'message') this.sink(report.sink).add(report.message);
    else this.reports.add(report);
  }

  private onLogLine(line: string): void {
    this.logs.add(line);
    if (crashPattern.test(line)) this.crash ??= this.failure('Printed an uncaught error.');
  }

  private onExit(child: ChildProcess, how: string): void {
    const editor = this.editor;
    this.editor = undefined;
    void editor?.then((comms) => comms.close()).catch(() => undefined);
    // `kill` resets `child` before an intended exit.
    if (this.child !== child) return;
    this.child = undefined;
    this.crash = this.failure(how);
    for (const inbox of [this.reports, this.logs, ...this.sinks.values()]) inbox.close(this.crash);
  }

  private failure(message: string): Error {
    const tail = this.logs.all.slice(-30).join('\n  ');
    return new Error(`Node-RED in ${this.userDir}: ${message} The end of the log:\n  ${tail}`);
  }
}

// Runs once per worker, because the module is loaded once: the first install takes long.
before('install the package', function () {
  this.timeout(300_000);
  installedModules();
});
