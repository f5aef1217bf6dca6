/**
 * A real Mosquitto broker for tests: a child process on loopback, with free ports and its own folder. Its state
 * survives `kill('SIGKILL')` and `start()`, because it is saved after every change.
 *
 * ```ts
 * const broker = await Mosquitto.start({ tls: true });
 * broker.url; // mqtt://127.0.0.1:41123
 * await broker.kill('SIGKILL');
 * await broker.start(); // the same ports, sessions and retained messages
 * await broker.stop();
 * ```
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port';

/** The options of a broker; by default it allows anonymous, unencrypted connections. */
export interface MosquittoOptions {
  /** Passwords by user name; disables anonymous connections. */
  readonly users?: Readonly<Record<string, string>>;
  /** Adds a TLS listener; its certificate is for `localhost` and signed by `caFile`. */
  readonly tls?: boolean;
  /** Adds a WebSocket listener. */
  readonly websockets?: boolean;
  /** When the state is saved: after every change (default, slow), on shutdown, or never. */
  readonly persistence?: 'always' | 'at the end' | 'never';
  /** Maximum packet size, in bytes; no limit by default. */
  readonly maxPacket?: number;
  /** Further lines of mosquitto.conf, for the plain listener. */
  readonly lines?: readonly string[];
}

/** Debian installs the broker in /usr/sbin, which is only in the PATH of root. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}${delimiter}/usr/sbin` };

/** Timeout of the broker's start, in ms. */
const startTimeoutMs = 20_000;

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Why no Mosquitto is available; undefined if it is installed. */
export function mosquittoMissing(): string | undefined {
  for (const program of ['mosquitto', 'mosquitto_pub', 'mosquitto_sub', 'mosquitto_passwd']) {
    if (spawnSync(program, ['-h'], { env }).error) return `${program} is not installed`;
  }
  return undefined;
}

/** Writes a certificate authority and a certificate for localhost signed by it, as PEM files. */
function writeCertificates(folder: string): void {
  const openssl = (...options: string[]): void => {
    execFileSync('openssl', options, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Test CA',
    '-days',
    '2',
  );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed);
}

/** A broker, created by `Mosquitto.start`. */
export class Mosquitto {
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(
    private readonly folder: string,
    /** The port for plain MQTT. */
    readonly port: number,
    /** The port for MQTT over TLS, with option `tls`. */
    readonly tlsPort: number,
    /** The port for MQTT over WebSockets, with option `websockets`. */
    readonly wsPort: number,
    /** The port for MQTT over WebSockets with TLS, with both options. */
    readonly wssPort: number,
  ) {}

  /** Starts a broker; resolves when it accepts connections. */
  static async start({
    users,
    tls = false,
    websockets = false,
    maxPacket,
    lines: furtherLines = [],
    persistence: keeps = 'always',
  }: MosquittoOptions = {}): Promise<Mosquitto> {
    const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
    const broker = new Mosquitto(
      folder,
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    );
    const lines = [
      // As root, Mosquitto would switch to a user who cannot read this folder.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      ...(keeps === 'never' ? [] : ['persistence true', `persistence_location ${folder}/`]),
      ...(keeps === 'always' ? ['autosave_on_changes true', 'autosave_interval 1'] : []),
      'max_inflight_messages 0',
      'max_queued_messages 0',
      'set_tcp_nodelay true',
    ];
    if (users) {
      for (const [user, password] of Object.entries(users)) {
        const file = join(folder, 'passwords');
        writeFileSync(file, '', { flag: 'a', mode: 0o600 });
        execFileSync('mosquitto_passwd', ['-b', file, user, password], { env, stdio: 'ignore' });
      }
      lines.push(`password_file ${join(folder, 'passwords')}`);
    }
    lines.push(
      `allow_anonymous ${users === undefined}`,
      `listener ${broker.port} 127.0.0.1`,
      ...furtherLines,
    );
    const certificate = [`certfile ${join(folder, 'server.pem')}`, `keyfile ${join(folder, 'server.key')}`];
    if (tls) {
      writeCertificates(folder);
      lines.push(`listener ${broker.tlsPort} 127.0.0.1`, ...certificate);
    }
    if (maxPacket !== undefined) lines.unshift(`max_packet_size ${maxPacket}`);
    if (websockets) lines.push(`listener ${broker.wsPort} 127.0.0.1`, 'protocol websockets');
    if (websockets && tls) {
      lines.push(`listener ${broker.wssPort} 127.0.0.1`, 'protocol websockets', ...certificate);
    }
    writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
    await broker.start();
    return broker;
  }

  /** The URL for plain MQTT. */
  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** The URL for TLS; its host is the one in the certificate. */
  get tlsUrl(): string {
    return `mqtts://localhost:${this.tlsPort}`;
  }

  /** The URL for WebSockets. */
  get wsUrl(): string {
    return `ws://127.0.0.1:${this.wsPort}`;
  }

  /** The URL for WebSockets with TLS. */
  get wssUrl(): string {
    return `wss://localhost:${this.wssPort}`;
  }

  /** The path of the CA certificate. */
  get caFile(): string {
    return join(this.folder, 'ca.pem');
  }

  /** The CA certificate, as PEM. */
  get ca(): string {
    return readFileSync(this.caFile, 'utf8');
  }

  /** The process id, for measurements. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Restarts the broker after `kill`. */
  async start(): Promise<void> {
    const child = spawn('mosquitto', ['-c', join(this.folder, 'mosquitto.conf')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(child);
    const record = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-4_000);
    };
    child.stdout.on('data', record);
    child.stderr.on('data', record);
    child.once('exit', () => running.delete(child));
    await this.#listening(child);
  }

  /** Sends a signal and waits for the exit. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  /** Stops the broker and removes its folder. Idempotent. */
  async stop(): Promise<void> {
    await this.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #listening(child: ChildProcess): Promise<void> {
    const limit = AbortSignal.timeout(startTimeoutMs);
    while (!(await accepts(this.port))) {
      if (child.exitCode !== null || limit.aborted) {
        throw new Error(`Mosquitto does not listen on ${this.port}; its output:\n${this.#output}`);
      }
      // Polls, because Mosquitto prints nothing when it starts to listen.
      await delay(20);
    }
  }
}

/** Whether a port accepts connections. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
