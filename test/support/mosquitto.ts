/**
 * A real Mosquitto for tests: a child process on this machine only, with free ports and a folder of its own. What it
 * keeps survives `kill('SIGKILL')` and `start()`, because it saves after every change.
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

/** How a test's broker differs from one that anybody may use without encryption. */
export interface MosquittoOptions {
  /** Passwords by user; nobody else may connect. */
  readonly users?: Readonly<Record<string, string>>;
  /** Also listens with TLS, with a certificate for `localhost` signed by `caFile`. */
  readonly tls?: boolean;
  /** Also listens for WebSockets. */
  readonly websockets?: boolean;
  /** When it saves: after every change, which takes time, when it is asked to end, or never. Default `always`. */
  readonly keeps?: 'always' | 'at the end' | 'never';
  /** The largest packet it takes, in bytes; any unless told. */
  readonly maxPacket?: number;
}

/** Debian installs the broker where only the administrator's PATH leads. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}${delimiter}/usr/sbin` };

/** Milliseconds for the broker to listen on a busy machine. */
const startLimit = 20_000;

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Why there can be no Mosquitto on this machine, if so. */
export function mosquittoMissing(): string | undefined {
  for (const program of ['mosquitto', 'mosquitto_pub', 'mosquitto_sub', 'mosquitto_passwd']) {
    if (spawnSync(program, ['-h'], { env }).error) return `${program} is not installed`;
  }
  return undefined;
}

/** A certificate authority, and a certificate for this machine signed by it; as PEM files in the folder. */
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

/** One broker; made by `Mosquitto.start`. */
export class Mosquitto {
  #child: ChildProcess | undefined;
  #printed = '';

  private constructor(
    private readonly folder: string,
    /** Where it speaks plain MQTT. */
    readonly port: number,
    /** Where it speaks MQTT over TLS, if asked to. */
    readonly tlsPort: number,
    /** Where it speaks MQTT over WebSockets, if asked to. */
    readonly wsPort: number,
    /** Where it speaks MQTT over WebSockets with TLS, if asked for both. */
    readonly wssPort: number,
  ) {}

  /** Starts a broker and resolves when it accepts connections. */
  static async start({
    users,
    tls = false,
    websockets = false,
    maxPacket,
    keeps = 'always',
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
      // As root it would become another user, who may not read this folder.
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
    lines.push(`allow_anonymous ${users === undefined}`, `listener ${broker.port} 127.0.0.1`);
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

  /** Its plain address. */
  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Its address with TLS; the name is the one in the certificate. */
  get tlsUrl(): string {
    return `mqtts://localhost:${this.tlsPort}`;
  }

  /** Its address for WebSockets. */
  get wsUrl(): string {
    return `ws://127.0.0.1:${this.wsPort}`;
  }

  /** Its address for WebSockets with TLS. */
  get wssUrl(): string {
    return `wss://localhost:${this.wssPort}`;
  }

  /** The file with the certificate authority of its certificate. */
  get caFile(): string {
    return join(this.folder, 'ca.pem');
  }

  /** The certificate authority of its certificate, as PEM. */
  get ca(): string {
    return readFileSync(this.caFile, 'utf8');
  }

  /** The process, for measurements of it. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it again after `kill`. */
  async start(): Promise<void> {
    const child = spawn('mosquitto', ['-c', join(this.folder, 'mosquitto.conf')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(child);
    const note = (chunk: Buffer): void => {
      this.#printed = (this.#printed + chunk.toString()).slice(-4_000);
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.once('exit', () => running.delete(child));
    await this.#listening(child);
  }

  /** Sends the signal and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  /** Ends it and removes what it kept. Idempotent. */
  async stop(): Promise<void> {
    await this.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #listening(child: ChildProcess): Promise<void> {
    const limit = AbortSignal.timeout(startLimit);
    while (!(await accepts(this.port))) {
      if (child.exitCode !== null || limit.aborted) {
        throw new Error(`Mosquitto does not listen on ${this.port}; it said:\n${this.#printed}`);
      }
      // There is no sign of it that could be awaited: it prints nothing once it listens.
      await delay(20);
    }
  }
}

/** Whether somebody accepts connections there. */
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
