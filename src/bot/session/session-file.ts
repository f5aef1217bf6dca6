/**
 * The session of one account on disk, so that a restart needs no QR code. Unlike Wechaty's own memory card it writes
 * atomically, with mode 0600, to a given path, and replaces a corrupt file.
 */
import { readFile, rename } from 'node:fs/promises';
import { MemoryCard } from 'memory-card';
import { errorMessage, WechatError } from '../errors';
import { writeFileAtomic } from '../../util/write-file-atomic';
import { isObject } from '../../util/is-object';

type Contents = NonNullable<MemoryCard['payload']>;

/** A `MemoryCard` whose name is the absolute path of its file. */
export class SessionFile extends MemoryCard {
  /** Called for a corrupt or unwritable file; the session then exists in memory only. */
  onProblem: (problem: WechatError) => void = () => undefined;
  #saving: Promise<void> = Promise.resolve();

  override async load(): Promise<void> {
    if (this.isMultiplex()) return;
    this.payload = await this.#read(this.#path());
  }

  override async save(): Promise<void> {
    if (this.parent) {
      await this.parent.save();
      return;
    }
    // Writes are serialized; each writes the payload of its own moment.
    this.#saving = this.#saving.then(() => this.#write(this.#path()));
    await this.#saving;
  }

  async #write(file: string): Promise<void> {
    try {
      await writeFileAtomic(file, JSON.stringify(this.payload ?? {}));
    } catch (error) {
      this.onProblem(new WechatError('FAILED', 'sessionUnwritable', { file, error: errorMessage(error) }));
    }
  }

  #path(): string {
    if (!this.name) throw new TypeError('A session file needs an absolute path as its name.');
    return this.name;
  }

  async #read(file: string): Promise<Contents> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') await this.#quarantine(file, error);
      return {};
    }
    try {
      const contents: unknown = JSON.parse(text);
      if (!isObject(contents)) throw new TypeError('not a JSON object');
      return contents as Contents;
    } catch (error) {
      await this.#quarantine(file, error);
      return {};
    }
  }

  async #quarantine(file: string, cause: unknown): Promise<void> {
    const quarantined = `${file}.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    await rename(file, quarantined).catch(() => undefined);
    this.onProblem(new WechatError('FAILED', 'sessionCorrupt', { file: quarantined }, { cause }));
  }
}
