/**
 * The duplicate filter of messages: puppets deliver messages again after a reconnect, and after a restart as well. So
 * the ids are in memory and, once their events have been emitted, in a file that the next process reads.
 */
import { appendFile, mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RotatingSet } from '../../util/rotating-set';
import { errorMessage } from '../errors';

/** Minimum time for which an id is known, in ms. */
const lifetimeMs = 10 * 60 * 1000;

/** Ids per generation; 80 messages a second are more than one account receives. */
const maxSize = 50_000;

/** How long ids are collected before they are written together, in ms; a kill forgets those. */
const writeDelayMs = 500;

/** The ids of the messages whose events were emitted lately. */
export class DeliveredMessages {
  readonly #path: string;
  readonly #warn: (sentence: string) => void;
  readonly #ids = new RotatingSet<string>({ lifetimeMs, maxSize });
  #loading: Promise<void> | undefined;
  #unwritten: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Number of lines in the file, and when the first of them was written, in ms since 1970. */
  #lines = 0;
  #startedAt = 0;
  #hasFailed = false;

  /** @param path the file; the generation before it has the suffix `.1`. Each line is a time and an id. */
  constructor(path: string, warn: (sentence: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /** Reads the ids that an earlier process has written. Does so once. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load());
  }

  /** Adds the id of a message. @returns whether it is new. */
  add(id: string): boolean {
    return this.#ids.add(id);
  }

  /** Writes an id to the file soon: its event has been emitted. */
  confirm(id: string): void {
    this.#unwritten.push(id);
    this.#timer ??= setTimeout(() => void this.flush(), writeDelayMs).unref();
  }

  /** Writes what is not yet written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = this.#unwritten;
    if (ids.length === 0) return this.#writing;
    this.#unwritten = [];
    this.#writing = this.#writing.then(() => this.#append(ids));
    return this.#writing;
  }

  async #append(ids: readonly string[]): Promise<void> {
    const now = Date.now();
    const lines = ids.map((id) => `${now} ${JSON.stringify(id)}\n`);
    try {
      if (this.#lines >= maxSize || (this.#lines > 0 && ageOf(this.#startedAt) > lifetimeMs)) {
        await rename(this.#path, `${this.#path}.1`);
        this.#lines = 0;
      }
      if (this.#lines === 0) this.#startedAt = now;
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await appendFile(this.#path, lines.join(''), { mode: 0o600 });
      this.#lines += lines.length;
    } catch (error) {
      if (!this.#hasFailed) this.#warn(`${this.#path} cannot be written: ${errorMessage(error)}`);
      this.#hasFailed = true;
    }
  }

  async #load(): Promise<void> {
    await this.#loadFile(`${this.#path}.1`);
    const times = await this.#loadFile(this.#path);
    this.#lines = times.length;
    this.#startedAt = times[0] ?? 0;
  }

  /** Adds the ids of a file that are not too old. @returns the times of its lines; damaged lines are skipped. */
  async #loadFile(path: string): Promise<number[]> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      const [, time, quoted = ''] = /^(\d+) (".*")$/.exec(line) ?? [];
      if (time === undefined) return [];
      if (ageOf(Number(time)) < lifetimeMs) this.#ids.add(unquote(quoted));
      return [Number(time)];
    });
  }
}

/** The age of a line, in ms. */
function ageOf(time: number): number {
  // eslint-disable-next-line no-restricted-syntax -- stored, and compared after a restart
  return Date.now() - time;
}

function unquote(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}
