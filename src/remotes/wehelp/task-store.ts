/**
 * At most once: a service hands a task out and forgets it, and tasks have no ids. So what a poll was answered with is
 * written down before anything of it is done, and that a task is begun before it is begun. What was begun when
 * Node-RED was killed is never begun again.
 */
import type { Operation, Store } from '../storage/key-value-store';
import type { WireTask } from './wire';

/** A task that was taken on. */
export interface TakenTask {
  /** In the order in which they came. */
  readonly sequence: number;
  readonly task: WireTask;
  /** When it is to be done, in ms since 1970. */
  readonly dueAt: number;
  /** Whether an earlier life began it. */
  readonly begun: boolean;
}

/** The tasks of one remote that are not done yet. */
export class TaskBook {
  readonly #store: Store;
  #sequence = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads what an earlier life left, in the order in which it came. */
  async open(): Promise<TakenTask[]> {
    const found: TakenTask[] = [];
    for await (const [key, value] of this.#store.entries('w!')) {
      const sequence = Number(key.slice(2));
      found.push({ sequence, ...(JSON.parse(value) as Omit<TakenTask, 'sequence'>) });
      this.#sequence = sequence;
    }
    return found;
  }

  /** Takes tasks on; resolves when all of them are written down, and rejects when none is. */
  async add(tasks: readonly Pick<TakenTask, 'task' | 'dueAt'>[]): Promise<TakenTask[]> {
    const taken = tasks.map((one) => {
      this.#sequence += 1;
      return { ...one, sequence: this.#sequence, begun: false };
    });
    await this.#store.commit(taken.map(put));
    return taken;
  }

  /** Says that a task is being done from now on; resolves when that is written down. */
  begin(taken: TakenTask): Promise<void> {
    return this.#store.commit([put({ ...taken, begun: true })]);
  }

  /** The change by which a task is done, to be written together with what answers it. */
  done({ sequence }: TakenTask): Operation {
    return { type: 'del', key: keyOf(sequence) };
  }
}

function put({ sequence, ...rest }: TakenTask): Operation {
  return { type: 'put', key: keyOf(sequence), value: JSON.stringify(rest) };
}

function keyOf(sequence: number): string {
  return `w!${String(sequence).padStart(15, '0')}`;
}
