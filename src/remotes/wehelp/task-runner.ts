/** Runs tasks at most once, when they are due, in order within a conversation, and responds with callbacks. */
import { errorMessage, WechatError } from '../../bot/errors';
import type { CommandDispatcher, AuditOutcome } from '../dispatch/command-dispatcher';
import { redactParams } from '../dispatch/redact';
import type { StoreOperation } from '../storage/store-operation';
import { isObject } from '../../util/is-object';
import { KeyedMutex } from '../../util/keyed-mutex';
import type { StoredTask, TaskStore } from './task-store';
import { delayOf, orderingKeysOf, parseTask } from './tasks/table';
import type { TaskContext, TaskKind } from './tasks/task';
import { type CallbackData, errorCallback } from './wire';

/** Options of a task runner. */
export interface TaskRunnerOptions {
  readonly taskStore: TaskStore;
  readonly dispatcher: CommandDispatcher;
  /** The context for a task that starts now. */
  readonly context: () => TaskContext;
  /** Queues callbacks and commits changes in one write; resolves when written. */
  readonly respond: (data: readonly CallbackData[], changes: readonly StoreOperation[]) => Promise<void>;
  /** Whether a task may start now, or has to wait for `release`. */
  readonly mayStart: (kind: TaskKind) => boolean;
  /** The unit of a task's `time`, in ms. */
  readonly timeUnitMs: number;
}

/** Fields that audit records do not contain: codes that stand for WeChat's own tickets. Paths are kept, but cut. */
const redaction = { secrets: new Set(['v1', 'v2']), files: new Set<string>() };

function shownParams(task: unknown): unknown {
  return redactParams(isObject(task) ? Object.entries(task) : [['task', task]], redaction);
}

const toOutcome = ({ message }: WechatError): AuditOutcome => ({ code: -1, message });

/** The tasks of one remote. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #mutex = new KeyedMutex();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  /** Due tasks that may not start yet. */
  #waiting: (readonly [StoredTask, TaskKind])[] = [];
  #isStopped = false;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** Tasks that are scheduled, waiting or running. */
  get pending(): number {
    return this.#timers.size + this.#waiting.length + this.#running.size;
  }

  /** Starts the waiting tasks that may start now, in order of arrival. */
  release(): void {
    const waiting = this.#waiting.sort(([one], [other]) => one.sequence - other.sequence);
    this.#waiting = [];
    for (const [stored, kind] of waiting) this.#start(stored, kind);
  }

  /** Resumes tasks of the previous run; for started ones the outcome is unknown, so they fail. */
  async resume(): Promise<void> {
    for (const stored of await this.#options.taskStore.load()) {
      try {
        const { kind } = parseTask(stored.task);
        if (stored.begun && !kind.readOnly) throw new WechatError('FAILED', 'taskOutcomeUnknown');
        this.#schedule(stored, kind);
      } catch (error) {
        await this.#respond([await this.#rejectTask(stored.task, error)], stored);
      }
    }
  }

  /** Accepts the tasks of a poll. Never rejects: an invalid task is answered with an error callback. */
  async accept(rawTasks: readonly unknown[]): Promise<void> {
    if (rawTasks.length === 0) return;
    const now = Date.now();
    const accepted: { task: StoredTask['task']; kind: TaskKind; dueAt: number }[] = [];
    const rejected: CallbackData[] = [];
    for (const one of rawTasks) {
      try {
        const { task, kind } = parseTask(one);
        accepted.push({ task, kind, dueAt: now + delayOf(task, this.#options.timeUnitMs) });
      } catch (error) {
        rejected.push(await this.#rejectTask(one, error));
      }
    }
    try {
      const stored = await this.#options.taskStore.add(accepted);
      stored.forEach((one, index) => {
        const { kind } = accepted[index] ?? {};
        if (kind) this.#schedule(one, kind);
      });
    } catch (error) {
      // A task that is not stored could run twice, so it does not run.
      for (const { task } of accepted) rejected.push(await this.#rejectTask(task, error));
    }
    if (rejected.length > 0) await this.#respond(rejected);
  }

  /** Starts no more tasks; scheduled ones are resumed after a restart. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Resolves when no task is running. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Audits a rejected task and creates its error callback. */
  async #rejectTask(rawTask: unknown, cause: unknown): Promise<CallbackData> {
    const { api } = (rawTask ?? {}) as { api?: unknown };
    const name = typeof api === 'string' ? api.slice(0, 128) : '';
    const error = cause instanceof Error ? cause : new Error(errorMessage(cause));
    const refuse = (): Promise<never> => Promise.reject(error);
    return this.#options.dispatcher
      .runAudited<CallbackData>({ name, params: shownParams(rawTask) }, refuse, undefined, toOutcome)
      .catch((rejected: unknown) => errorCallback(rawTask, rejected as WechatError));
  }

  #schedule(stored: StoredTask, kind: TaskKind): void {
    // eslint-disable-next-line no-restricted-syntax -- stored, and due after a restart
    const delayMs = stored.dueAt - Date.now();
    if (this.#isStopped) return;
    if (delayMs <= 0) {
      this.#start(stored, kind);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#start(stored, kind);
    }, delayMs);
    this.#timers.add(timer);
  }

  #start(stored: StoredTask, kind: TaskKind): void {
    if (this.#mustWait(stored, kind)) return;
    const running = this.#mutex
      .runExclusive(orderingKeysOf(stored.task, kind), () => this.#run(stored, kind))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #mustWait(stored: StoredTask, kind: TaskKind): boolean {
    const mustWait = !this.#options.mayStart(kind);
    if (mustWait) this.#waiting.push([stored, kind]);
    return mustWait;
  }

  async #run(stored: StoredTask, kind: TaskKind): Promise<void> {
    if (this.#isStopped) return;
    // The login may have ended since the task was queued.
    if (this.#mustWait(stored, kind)) return;
    const { taskStore, dispatcher, context } = this.#options;
    const { task } = stored;
    const work = async (): Promise<CallbackData[]> => {
      if (!kind.readOnly) await taskStore.markStarted(stored);
      return kind.handle(task, context());
    };
    const data = await dispatcher
      .runAudited(
        { name: kind.api, params: shownParams(task), commands: kind.commands ?? [] },
        work,
        undefined,
        toOutcome,
      )
      .catch((error: unknown) => [errorCallback(task, error as WechatError)]);
    await this.#respond(data, stored);
  }

  async #respond(data: readonly CallbackData[], stored?: StoredTask): Promise<void> {
    const { taskStore, respond } = this.#options;
    await respond(data, stored ? [taskStore.removal(stored)] : []);
  }
}
