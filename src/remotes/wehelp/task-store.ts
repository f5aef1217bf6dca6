/**
 * At-most-once execution: a service returns a task only once, and tasks have no ids. So tasks are stored before any of
 * them runs, and marked as started before they start. A started task never runs again after a crash.
 */
import type { KeyValueStore } from '../storage/key-value-store';
import type { StoreOperation } from '../storage/store-operation';
import type { WireTask } from './wire';

/** A persisted task. */
export interface StoredTask {
  /** Position in the order of arrival. */
  readonly sequence: number;
  readonly task: WireTask;
  /** When it is due, in ms since 1970. */
  readonly dueAt: number;
  /** Whether it was started. */
  readonly begun: boolean;
}

/** Persists the unfinished tasks of one remote. */
export class TaskStore {
  readonly #store: KeyValueStore;
  #sequence = 0;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** Loads the tasks of the previous run, in order of arrival. */
  async load(): Promise<StoredTask[]> {
    const found: StoredTask[] = [];
    for await (const [key, value] of this.#store.entries('w!')) {
      const sequence = Number(key.slice(2));
      found.push({ sequence, ...(JSON.parse(value) as Omit<StoredTask, 'sequence'>) });
      this.#sequence = sequence;
    }
    return found;
  }

  /** Stores tasks; resolves when all are written, rejects if none is. */
  async add(tasks: readonly Pick<StoredTask, 'task' | 'dueAt'>[]): Promise<StoredTask[]> {
    const stored = tasks.map((one) => {
      this.#sequence += 1;
      return { ...one, sequence: this.#sequence, begun: false };
    });
    await this.#store.commit(stored.map(put));
    return stored;
  }

  /** Marks a task as started; resolves when that is written, however long the store cannot be written. */
  markStarted(taken: StoredTask): Promise<void> {
    return this.#store.commit([put({ ...taken, begun: true })], 'wait');
  }

  /** The change that removes a finished task, to be committed together with its callbacks. */
  removal({ sequence }: StoredTask): StoreOperation {
    return { type: 'del', key: keyOf(sequence) };
  }
}

function put({ sequence, ...rest }: StoredTask): StoreOperation {
  return { type: 'put', key: keyOf(sequence), value: JSON.stringify(rest) };
}

function keyOf(sequence: number): string {
  return `w!${String(sequence).padStart(15, '0')}`;
}
