import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { AsyncQueue } from './async-queue';
import type { ParentRequest, ServerReport } from './puppet-server';

type SentMessage = Exclude<ServerReport, string>['message'];

/** A puppet server on a simulation, in a child process (see puppet-server.ts). */
export class PuppetServer {
  readonly sent = new AsyncQueue<SentMessage>('messages of the server’s simulation');
  readonly #reports = new AsyncQueue<ServerReport>('reports of the server');
  readonly #child: ChildProcess;

  private constructor(endpoint: string, token: string) {
    this.#child = fork(join(__dirname, 'puppet-server.ts'), [endpoint, token], {
      execArgv: ['--no-warnings', '--require', 'tsx/cjs'],
      env: { ...process.env, WECHATY_LOG: 'silent' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (report: ServerReport) => {
      if (report === 'listening') this.#reports.add(report);
      else this.sent.add(report.message);
    });
  }

  static async start(endpoint: string, token: string): Promise<PuppetServer> {
    const server = new PuppetServer(endpoint, token);
    await server.#reports.next();
    return server;
  }

  request(wish: ParentRequest): void {
    this.#child.send(wish);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  /** Ends it by a request. */
  async end(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.request('end');
    await exit;
  }
}
