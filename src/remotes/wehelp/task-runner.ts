/** Does tasks: each once, when it is due, in their order within a conversation, and answers them with callbacks. */
import { errorMessage, WechatError } from '../../bot/errors';
import type { Commander, Outcome } from '../dispatch/command-dispatcher';
import type { Operation } from '../storage/key-value-store';
import { Turns } from '../../util/keyed-mutex';
import type { TakenTask, TaskBook } from './task-store';
import { conversationsIn, delayOf, kindOf, type TaskContext, type TaskKind } from './tasks';
import { type CallbackData, failureData } from './wire';

/** What a runner works with. */
export interface TaskRunnerParts {
  readonly book: TaskBook;
  readonly commander: Commander;
  /** What tasks are done with right now. */
  readonly context: () => TaskContext;
  /** Sends callbacks, and writes changes down together with them; resolves when both are written down. */
  readonly answer: (data: readonly CallbackData[], changes: readonly Operation[]) => Promise<void>;
  /** What `time` counts, in ms. */
  readonly timeUnit: number;
}

const failed = ({ message }: WechatError): Outcome => ({ code: -1, message });

/** The tasks of one remote. */
export class TaskRunner {
  readonly #parts: TaskRunnerParts;
  readonly #turns = new Turns();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #working = new Set<Promise<void>>();
  #isStopped = false;

  constructor(parts: TaskRunnerParts) {
    this.#parts = parts;
  }

  /** Tasks that wait for their time, or are being done. */
  get pending(): number {
    return this.#timers.size + this.#working.size;
  }

  /** Goes on with what an earlier life left: does what was not begun, and says of the rest that nobody knows. */
  async resume(): Promise<void> {
    for (const taken of await this.#parts.book.open()) {
      try {
        const { kind } = kindOf(taken.task);
        if (taken.begun && !kind.readOnly) throw new WechatError('FAILED', 'taskOutcomeUnknown');
        this.#schedule(taken, kind);
      } catch (error) {
        await this.#answer([await this.#refusal(taken.task, error)], taken);
      }
    }
  }

  /** Takes on what a poll was answered with. Never rejects: what cannot be done is answered so. */
  async take(given: readonly unknown[]): Promise<void> {
    if (given.length === 0) return;
    const now = Date.now();
    const accepted: { task: TakenTask['task']; kind: TaskKind; dueAt: number }[] = [];
    const refused: CallbackData[] = [];
    for (const one of given) {
      try {
        const { task, kind } = kindOf(one);
        accepted.push({ task, kind, dueAt: now + delayOf(task, this.#parts.timeUnit) });
      } catch (error) {
        refused.push(await this.#refusal(one, error));
      }
    }
    try {
      const taken = await this.#parts.book.add(accepted);
      taken.forEach((one, index) => {
        const { kind } = accepted[index] ?? {};
        if (kind) this.#schedule(one, kind);
      });
    } catch (error) {
      // What is not written down could be done twice, so it is not done.
      for (const { task } of accepted) refused.push(await this.#refusal(task, error));
    }
    if (refused.length > 0) await this.#answer(refused);
  }

  /** Lets nothing begin any more; what is left is for the next life. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Resolves when nothing is being done. */
  async idle(): Promise<void> {
    await Promise.all(this.#working);
  }

  /** Tells the owner of a task that was not taken on. */
  async #refusal(given: unknown, thrown: unknown): Promise<CallbackData> {
    const { api } = (given ?? {}) as { api?: unknown };
    const name = typeof api === 'string' ? api.slice(0, 128) : '';
    const error = thrown instanceof Error ? thrown : new Error(errorMessage(thrown));
    const refuse = (): Promise<never> => Promise.reject(error);
    return this.#parts.commander
      .serve<CallbackData>({ name, params: given }, refuse, undefined, failed)
      .catch((refused: unknown) => failureData(given, refused as WechatError));
  }

  #schedule(taken: TakenTask, kind: TaskKind): void {
    const wait = taken.dueAt - Date.now();
    if (this.#isStopped) return;
    if (wait <= 0) {
      this.#begin(taken, kind);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#begin(taken, kind);
    }, wait);
    this.#timers.add(timer);
  }

  #begin(taken: TakenTask, kind: TaskKind): void {
    const working = this.#turns
      .run(conversationsIn(taken.task, kind), () => this.#run(taken, kind))
      .finally(() => this.#working.delete(working));
    this.#working.add(working);
  }

  async #run(taken: TakenTask, kind: TaskKind): Promise<void> {
    if (this.#isStopped) return;
    const { book, commander, context } = this.#parts;
    const { task } = taken;
    const work = async (): Promise<CallbackData[]> => {
      if (!kind.readOnly) await book.begin(taken);
      return kind.run(task, context());
    };
    const data = await commander
      .serve({ name: kind.api, params: task }, work, undefined, failed)
      .catch((error: unknown) => [failureData(task, error as WechatError)]);
    await this.#answer(data, taken);
  }

  async #answer(data: readonly CallbackData[], taken?: TakenTask): Promise<void> {
    const { book, answer } = this.#parts;
    await answer(data, taken ? [book.done(taken)] : []);
  }
}
