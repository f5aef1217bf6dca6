/** Programs by others, as child processes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Inbox } from '../support/async-queue';
import { root } from '../support/package-install';

const running = new Set<Program>();

/** The Python that Debian's packages are installed for, or the one in the PATH. */
export const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** Why Python programs that use paho cannot run, if so. */
export function pahoMissing(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import paho.mqtt.client']);
  return status === 0 ? undefined : `${python} has no paho-mqtt`;
}

/** The same for Python programs written for paho 1: the document's do not run with paho 2. */
export function paho1Missing(): string | undefined {
  const check = 'import paho.mqtt as p, sys; sys.exit(0 if p.__version__.startswith("1.") else 1)';
  const { status } = spawnSync(python, ['-c', check]);
  return status === 0
    ? undefined
    : `${python} has no paho-mqtt 1, for which the document's programs are written`;
}

/** Where Debian's packages for Go lie. */
const goPath = '/usr/share/gocode';

/** Why Go programs that use paho cannot run, if so. */
export function goMissing(): string | undefined {
  const { status } = spawnSync('go', ['version']);
  if (status !== 0) return 'there is no Go';
  const paho = `${goPath}/src/github.com/eclipse/paho.mqtt.golang`;
  return existsSync(paho) ? undefined : `there is no ${paho}`;
}

/** Why Python programs that speak by WebSocket cannot run, if so. */
export function websocketsMissing(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import websockets']);
  return status === 0 ? undefined : `${python} has no websockets`;
}

/** A child process and the lines it printed. */
export class Program {
  readonly lines = new Inbox<string>('line of a program');
  readonly #child: ChildProcess;
  readonly #folder: string | undefined;

  /** @param folder removed when it ends. */
  constructor(command: string, options: readonly string[], folder?: string) {
    this.#folder = folder;
    this.#child = spawn(command, options, {
      cwd: folder,
      env: { ...process.env, PYTHONUNBUFFERED: '1', GO111MODULE: 'off', GOPATH: goPath },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this);
    this.#child.once('error', (error) => {
      this.lines.close(error);
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.lines.add(line));
    }
  }

  /** Runs source code of a language. JavaScript and TypeScript find this pack's own modules. */
  static ofSource(language: 'js' | 'ts' | 'py' | 'go', source: string): Program {
    const folder = mkdtempSync(join(tmpdir(), 'program-'));
    const file = join(folder, `program.${language}`);
    writeFileSync(file, source);
    if (language === 'py') return new Program(python, [file], folder);
    if (language === 'go')
      return new Program('sh', ['-c', `go build -o program ${file} && exec ./program`], folder);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    writeFileSync(join(folder, 'package.json'), '{}');
    const loader = language === 'ts' ? ['--require', 'tsx/cjs'] : [];
    return new Program(process.execPath, [...loader, file], folder);
  }

  /** Resolves with its exit code when it has ended. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /** Waits for a line that fits. @param timeout in ms, where the usual one is too short. */
  line(fits: RegExp, timeout?: number): Promise<string> {
    return this.lines.next((line) => fits.test(line), timeout);
  }

  end(): void {
    this.#child.kill('SIGKILL');
    running.delete(this);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A program of the broker's makers, which prints what it gets. */
export function mosquitto(name: 'pub' | 'sub', port: number, ...options: string[]): Program {
  return new Program(`mosquitto_${name}`, ['-h', '127.0.0.1', '-p', String(port), ...options]);
}

// Hooks of the whole run: a program that a failed test left behind must not outlive it.
afterEach('end every program', () => {
  for (const program of running) program.end();
});
