/** Third-party programs as child processes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AsyncQueue } from '../support/async-queue';
import { root } from '../support/package-install';

const running = new Set<ExternalProgram>();

/** The Python of Debian's packages, or the one in PATH. */
export const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** The reason why Python programs with paho cannot run; `undefined` when they can. */
export function pahoMissing(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import paho.mqtt.client']);
  return status === 0 ? undefined : `${python} has no paho-mqtt`;
}

/** The same for paho 1: the programs of the protocol's documentation do not run with paho 2. */
export function paho1Missing(): string | undefined {
  const check = 'import paho.mqtt as p, sys; sys.exit(0 if p.__version__.startswith("1.") else 1)';
  const { status } = spawnSync(python, ['-c', check]);
  return status === 0
    ? undefined
    : `${python} has no paho-mqtt 1, for which the document's programs are written`;
}

/** The folder of Debian's Go packages. */
const goPath = '/usr/share/gocode';

/** The reason why Go programs with paho cannot run; `undefined` when they can. */
export function goMissing(): string | undefined {
  const { status } = spawnSync('go', ['version']);
  if (status !== 0) return 'Go is missing';
  const paho = `${goPath}/src/github.com/eclipse/paho.mqtt.golang`;
  return existsSync(paho) ? undefined : `${paho} is missing`;
}

/** The reason why Python programs with WebSockets cannot run; `undefined` when they can. */
export function websocketsMissing(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import websockets']);
  return status === 0 ? undefined : `${python} has no websockets`;
}

/** A child process and its output lines. */
export class ExternalProgram {
  readonly lines = new AsyncQueue<string>('line of a program');
  readonly #child: ChildProcess;
  readonly #folder: string | undefined;

  /** @param folder working directory, removed by `end`. */
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

  /** Runs source code. JavaScript and TypeScript resolve modules of this package. */
  static ofSource(language: 'js' | 'ts' | 'py' | 'go', source: string): ExternalProgram {
    const folder = mkdtempSync(join(tmpdir(), 'program-'));
    const file = join(folder, `program.${language}`);
    writeFileSync(file, source);
    if (language === 'py') return new ExternalProgram(python, [file], folder);
    if (language === 'go')
      return new ExternalProgram('sh', ['-c', `go build -o program ${file} && exec ./program`], folder);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    writeFileSync(join(folder, 'package.json'), '{}');
    const loader = language === 'ts' ? ['--require', 'tsx/cjs'] : [];
    return new ExternalProgram(process.execPath, [...loader, file], folder);
  }

  /** Resolves with its exit code. */
  async exitCode(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /** Waits for a matching line. @param timeout in ms; default: that of `AsyncQueue`. */
  line(pattern: RegExp, timeout?: number): Promise<string> {
    return this.lines.next((line) => pattern.test(line), timeout);
  }

  end(): void {
    this.#child.kill('SIGKILL');
    running.delete(this);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Runs `mosquitto_pub` or `mosquitto_sub`. */
export function mosquitto(name: 'pub' | 'sub', port: number, ...options: string[]): ExternalProgram {
  return new ExternalProgram(`mosquitto_${name}`, ['-h', '127.0.0.1', '-p', String(port), ...options]);
}

// Root hook: a failed test does not end its programs.
afterEach('end all external programs', () => {
  for (const program of running) program.end();
});
