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
 *   it('hears a friend', async () => {
 *     await nodeRed.status('in', /^ready/);
 *     await nodeRed.world('bot', (world) => void world.contact('Ming').say('ding').to());
 *     const message = await nodeRed.sink('out').next();
 *     assert.equal(message.payload, 'ding');
 *   });
 * });
 * ```
 *
 * Nothing here sleeps: everything that takes time is awaited, and a time-out says what came instead. The test fails
 * when Node-RED ends on its own, or reports an uncaught exception, an unhandled rejection or a listener leak.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { NodeMessage } from 'node-red';
import type { World } from '../../src/puppets/simulator';
import { Comms, type CommsMessage, type NodeStatus } from './comms-client';
import { Inbox } from './async-queue';
import { installedModules, nodeBinary, nodeRedDir } from './package-install';
import type { Call, Inside, Report } from './node-red-agent-protocol';
import { createUserDirectory, type FlowNode, writeFlows, writeSettings } from './user-directory';

export { flow, type FlowNode } from './user-directory';

/** What a test can ask for. */
export interface NodeRedOptions {
  /** The flows it starts with; none by default. */
  flows?: FlowNode[];
  /** Settings besides the harness's own; plain JSON. */
  settings?: { httpAdminRoot?: string; [name: string]: unknown };
  /** Environment variables besides those of this process. */
  env?: Record<string, string>;
  /** A user directory of an earlier Node-RED, kept with `stop({ keep: true })`, instead of a fresh one. */
  userDir?: string;
}

/** A message that reached a `test-sink`, with Buffers and dates as they were. */
export type SunkMessage = NodeMessage & Record<string, unknown>;

/** How a deploy restarts flows, as in the editor's Deploy menu. */
export type DeployType = 'full' | 'flows' | 'nodes' | 'reload';

const crashSigns = /Uncaught Exception|UnhandledPromiseRejection|MaxListenersExceededWarning/;

/** Milliseconds for Node-RED to start on a busy machine. */
const startLimit = 60_000;
/** Milliseconds for Node-RED to end: it gives its nodes 15 s to close. */
const stopLimit = 20_000;

const running = new Set<NodeRed>();

/** Starts Node-RED and resolves when its flows run and its editor answers. */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRed> {
  const userDir = options.userDir ?? createUserDirectory();
  if (options.flows !== undefined || options.userDir === undefined) writeFlows(userDir, options.flows ?? []);
  const nodeRed = new NodeRed(userDir, options);
  await nodeRed.start();
  return nodeRed;
}

/** One Node-RED; made by `startNodeRed`. */
export class NodeRed {
  /** The port it listens on; the same after a restart. */
  port = 0;
  /** Every line it printed, in order. */
  readonly logs = new Inbox<string>('log');
  private readonly reports = new Inbox<Report>('reports of the probe');
  private readonly sinks = new Map<string, Inbox<SunkMessage>>();
  private child: ChildProcess | undefined;
  private editor: Promise<Comms> | undefined;
  private token: string | undefined;
  private calls = 0;
  private crash: Error | undefined;

  constructor(
    /** The user directory; removed by `stop`. */
    readonly userDir: string,
    private readonly options: NodeRedOptions,
  ) {}

  /** The editor's address, ending with a slash. */
  get url(): string {
    const path = `/${this.options.settings?.httpAdminRoot ?? ''}/`.replace(/\/+/g, '/');
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Starts it, after `kill`, with the same user directory and port. */
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
      if (stream) createInterface({ input: stream }).on('line', (line) => this.print(line));
    }
    child.on('message', (report: Report) => this.receive(report));
    child.once('exit', (code, signal) => this.ended(child, `It ended with ${signal ?? code}.`));
    const listening = this.reports.following(({ kind }) => kind === 'listening', startLimit);
    await Promise.all([this.flowsStarted(startLimit), listening]);
  }

  /** Ends it as a service manager would, and starts it again with the same user directory and port. */
  async restart(): Promise<void> {
    await this.kill('SIGTERM');
    await this.start();
  }

  /** Sends the signal and waits for the end; `SIGKILL` is a power cut. `start` starts it again. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    this.child = undefined;
    const patience = AbortSignal.timeout(stopLimit);
    const exit = once(child, 'exit', { signal: patience });
    child.kill(signal);
    await exit.catch(() => {
      child.kill('SIGKILL');
      throw this.failure(`It did not end within ${stopLimit} ms of ${signal}.`);
    });
  }

  /** Ends it for good. Throws if it crashed or did not end. */
  async stop({ keep = false } = {}): Promise<void> {
    try {
      await this.kill('SIGTERM');
      this.assertHealthy();
    } finally {
      running.delete(this);
      if (!keep) rmSync(this.userDir, { recursive: true, force: true });
    }
  }

  /** Throws if it has crashed, or printed what must never be printed. Called after every test. */
  assertHealthy(): void {
    if (this.crash !== undefined) throw this.crash;
  }

  /** Replaces the flows and resolves when the new ones run. */
  async deploy(flows: FlowNode[], type: DeployType = 'full'): Promise<void> {
    const started = this.flowsStarted();
    const [response] = await Promise.all([
      this.request('flows', { method: 'POST', body: flows, headers: { 'Node-RED-Deployment-Type': type } }),
      started,
    ]);
    if (!response.ok) throw this.failure(`The deploy was answered with ${response.status}.`);
  }

  /** The flows as the editor would load them. */
  async flows(): Promise<FlowNode[]> {
    const response = await this.request('flows');
    return (await response.json()) as FlowNode[];
  }

  /**
   * An HTTP request to the editor's API.
   * @param path Relative to `url`, without a leading slash.
   * @param init As of `fetch`; a `body` that is an object is sent as JSON. `token: null` sends no token.
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

  /** Logs in to a Node-RED with `adminAuth`; later requests and `comms` carry the token, which is also returned. */
  async login(username: string, password: string): Promise<string> {
    const body = { client_id: 'node-red-editor', grant_type: 'password', scope: '*', username, password };
    const response = await this.request('auth/token', { method: 'POST', body });
    if (!response.ok) throw this.failure(`The login was answered with ${response.status}.`);
    const { access_token } = (await response.json()) as { access_token: string };
    this.token = access_token;
    return access_token;
  }

  /** Presses the button of an inject node. */
  async inject(nodeId: string): Promise<void> {
    const response = await this.request(`inject/${nodeId}`, { method: 'POST' });
    if (!response.ok) throw this.failure(`The inject was answered with ${response.status}.`);
  }

  /** Hands a message to a node's input. Buffers arrive as Buffers. */
  async send(nodeId: string, message: Record<string, unknown>): Promise<void> {
    await this.inside(
      ({ RED }, [id, received]) => {
        RED.nodes.getNode(id).receive(received);
      },
      [nodeId, message] as const,
    );
  }

  /** What reached the `test-sink` with this id, a node that takes messages and hands them to the test. */
  sink(nodeId: string): Inbox<SunkMessage> {
    let inbox = this.sinks.get(nodeId);
    if (inbox === undefined) {
      inbox = new Inbox(`sink ${nodeId}`);
      this.sinks.set(nodeId, inbox);
    }
    return inbox;
  }

  /** The connection of an open editor; opened at first use and again after a restart. */
  async comms(): Promise<Comms> {
    this.editor ??= Comms.open(this.url, this.token);
    return this.editor;
  }

  /** Waits until a node's status (the present one included) has this text, and returns it. */
  async status(nodeId: string, text: string | RegExp, timeout?: number): Promise<NodeStatus> {
    const comms = await this.comms();
    const fits = (status: NodeStatus): boolean =>
      typeof text === 'string' ? status.text === text : text.test(status.text ?? '');
    return comms.statusOf(nodeId).latest(fits, timeout);
  }

  /** Takes the next message in the debug sidebar, as the editor gets it. Call `comms` before it can come. */
  async debug(
    accept: (data: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    const comms = await this.comms();
    const fits = ({ topic, data }: CommsMessage): boolean =>
      topic === 'debug' && accept(data as Record<string, unknown>);
    return (await comms.messages.next(fits)).data as Record<string, unknown>;
  }

  /** Waits for a line of the log, also among those already printed. */
  async logged(pattern: RegExp, timeout?: number): Promise<string> {
    const fits = (line: string): boolean => pattern.test(line);
    return this.logs.all.find(fits) ?? this.logs.following(fits, timeout);
  }

  /**
   * Runs a function inside Node-RED and returns its result. The function is sent as text: it sees its two parameters
   * and globals, nothing of the test file. Argument and result are plain data (Buffers, Maps and dates included).
   */
  async inside<A, R>(run: (inside: Inside, argument: A) => R, argument: A): Promise<Awaited<R>> {
    return (await this.call({ source: run.toString(), argument })) as Awaited<R>;
  }

  /** Runs a function on the simulated WeChat in which a bot lives; rules as of `inside`. */
  async world<R, A = undefined>(
    botId: string,
    run: (world: World, argument: A) => R,
    argument?: A,
  ): Promise<Awaited<R>> {
    return (await this.call({ source: run.toString(), argument, bot: botId })) as Awaited<R>;
  }

  private async call(call: Omit<Call, 'id'>): Promise<unknown> {
    if (this.child === undefined) throw this.failure('It does not run.');
    const id = ++this.calls;
    const answered = this.reports.following((report) => 'id' in report && report.id === id, startLimit);
    this.child.send({ ...call, id });
    const report = await answered;
    if (report.kind === 'failure') throw new Error(`Inside Node-RED: ${report.reason}`);
    return report.kind === 'answer' ? report.value : undefined;
  }

  private async flowsStarted(timeout?: number): Promise<void> {
    const report = await this.reports.following(
      ({ kind }) => kind === 'started' || kind === 'missing-types',
      timeout,
    );
    if (report.kind === 'missing-types') {
      throw this.failure(`Flows wait for missing types: ${report.types.join(', ')}.`);
    }
  }

  private receive(report: Report): void {
    if (report.kind === 'listening') this.port = report.port;
    if (report.kind === 'message') this.sink(report.sink).add(report.message);
    else this.reports.add(report);
  }

  private print(line: string): void {
    this.logs.add(line);
    if (crashSigns.test(line)) this.crash ??= this.failure('It printed what must never be printed.');
  }

  private ended(child: ChildProcess, how: string): void {
    const editor = this.editor;
    this.editor = undefined;
    void editor?.then((comms) => comms.close()).catch(() => undefined);
    // `kill` has taken the child away first if this end was asked for.
    if (this.child !== child) return;
    this.child = undefined;
    this.crash = this.failure(how);
    for (const inbox of [this.reports, this.logs, ...this.sinks.values()]) inbox.close(this.crash);
  }

  private failure(what: string): Error {
    const tail = this.logs.all.slice(-30).join('\n  ');
    return new Error(`Node-RED in ${this.userDir}: ${what} The end of its log:\n  ${tail}`);
  }
}

// Hooks of the whole run, for every test file that uses Node-RED.
before('install the packed tarball', function () {
  this.timeout(300_000);
  installedModules();
});
afterEach('Node-RED is healthy', () => {
  for (const nodeRed of running) nodeRed.assertHealthy();
});
after('end every Node-RED', async () => {
  await Promise.all([...running].map((nodeRed) => nodeRed.stop()));
});
