/**
 * The session of one account on disk: what a puppet keeps so that nobody has to scan a QR code again.
 * Wechaty's own card writes in place under the working directory; this one writes atomically, readable by the
 * owner only, and never lets a damaged file stop the bot.
 */
import { readFile, rename } from 'node:fs/promises';
import { MemoryCard } from 'memory-card';
import { errorMessage, WechatError } from '../errors';
import { writeAtomically } from '../../util/write-file-atomic';

type Contents = NonNullable<MemoryCard['payload']>;

/** A `MemoryCard` kept in the file given as its name (an absolute path). */
export class SessionFile extends MemoryCard {
  /** Told of a damaged or unwritable file; the session goes on in memory. */
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
    // One after the other, each with what is there when its turn comes.
    this.#saving = this.#saving.then(() => this.#write(this.#path()));
    await this.#saving;
  }

  async #write(file: string): Promise<void> {
    try {
      await writeAtomically(file, JSON.stringify(this.payload ?? {}));
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
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') await this.#keepAside(file, error);
      return {};
    }
    try {
      const contents: unknown = JSON.parse(text);
      if (typeof contents !== 'object' || contents === null || Array.isArray(contents)) {
        throw new TypeError('not a JSON object');
      }
      return contents as Contents;
    } catch (error) {
      await this.#keepAside(file, error);
      return {};
    }
  }

  async #keepAside(file: string, cause: unknown): Promise<void> {
    const aside = `${file}.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    await rename(file, aside).catch(() => undefined);
    this.onProblem(new WechatError('FAILED', 'sessionCorrupt', { file: aside }, { cause }));
  }
}
