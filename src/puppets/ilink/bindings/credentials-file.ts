/** The file of the bindings, with their tokens: mode 0600, written atomically; a corrupt one is moved aside. */
import { readFile, rename } from 'node:fs/promises';
import { isObject } from '../../../util/is-object';
import { writeFileAtomic } from '../../../util/write-file-atomic';
import { textOf } from '../client/fields';
import type { Binding } from './records';

/** The bindings on disk. */
export class CredentialsFile {
  readonly #path: string;
  readonly #bindings = new Map<string, Binding>();
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads the file. @throws Error when it cannot be read. @returns whether it was corrupt, and was moved aside */
  async load(): Promise<boolean> {
    let text;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    try {
      const list: unknown = JSON.parse(text);
      if (!Array.isArray(list)) throw new TypeError('not a list');
      for (const entry of list.filter(isObject)) {
        const [userId, botId] = [textOf(entry.userId), textOf(entry.botId)];
        const [token, baseUrl] = [textOf(entry.token), textOf(entry.baseUrl)];
        if (userId !== '' && token !== '')
          this.#bindings.set(userId, { userId, botId, token, baseUrl, boundAt: Number(entry.boundAt) });
      }
      return false;
    } catch {
      await rename(this.#path, `${this.#path}.corrupt-${Date.now()}`);
      return true;
    }
  }

  /** All bindings, oldest first. */
  list(): Binding[] {
    return [...this.#bindings.values()];
  }

  /** Adds a binding, in the place of an older one of the same person; resolves when it is on disk. */
  set(binding: Binding): Promise<void> {
    this.#bindings.delete(binding.userId);
    this.#bindings.set(binding.userId, binding);
    return this.#save();
  }

  /** Removes the binding of a person, if it is still that of this bot; resolves when the disk says so. */
  async remove({ userId, botId }: Binding): Promise<void> {
    if (this.#bindings.get(userId)?.botId !== botId) return;
    this.#bindings.delete(userId);
    await this.#save();
  }

  /** Removes all of them. */
  clear(): Promise<void> {
    this.#bindings.clear();
    return this.#save();
  }

  #save(): Promise<void> {
    const write = this.#writing.then(() => writeFileAtomic(this.#path, JSON.stringify(this.list())));
    this.#writing = write.catch(() => undefined);
    return write;
  }
}
