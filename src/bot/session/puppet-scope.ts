/**
 * Attributes errors that nothing awaits (thrown by a puppet's timer, promise or stream) to the bot that runs the
 * puppet, by async context. Without it they would end Node-RED: see docs/decisions/0014.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { puppetFailure, type WechatError } from '../errors';
import { maskSecrets } from './puppet-secrets';

/** The scope of the running code; undefined in flows, remotes and other nodes. */
const current = new AsyncLocalStorage<PuppetScope | undefined>();

/** The scopes by folder of their puppet's package; the latest remains after all have been closed. */
const packages = new Map<string, { readonly open: Set<PuppetScope>; latest: PuppetScope }>();

let isIntercepting = false;

/** The owner of a scope. */
export interface PuppetScopeOptions {
  /** The name of the bot, for warnings. */
  readonly label: string;
  /** Masked in warnings. */
  readonly secrets: readonly string[];
  /** The folder of the puppet's package: attributes errors whose async context was lost, by their stack. */
  readonly folder: string | undefined;
  /** The first value of `PuppetScope.onError`. */
  readonly onError: (error: WechatError) => void;
}

/** The async context of one puppet, from its construction on: an error thrown in it reaches `onError`. */
export class PuppetScope {
  /** Called with every uncaught exception and unhandled rejection of the puppet, until `close`. */
  onError: (error: WechatError) => void;
  readonly #folder: string | undefined;
  readonly #warn: (error: WechatError) => void;

  constructor({ label, secrets, folder, onError }: PuppetScopeOptions) {
    this.onError = onError;
    this.#folder = folder;
    this.#warn = warner(label, secrets);
    if (folder !== undefined) {
      const { open } = packages.get(folder) ?? { open: new Set() };
      packages.set(folder, { open: open.add(this), latest: this });
    }
    interceptStrayErrors();
  }

  /** Runs `work`, and everything that it starts, in this scope. */
  run<T>(work: () => T): T {
    return current.run(this, work);
  }

  /**
   * Called when the puppet was stopped. What it throws later becomes a warning of the process: timers of the puppet
   * that never end keep the scope in memory, but not the bot.
   */
  close(): void {
    this.onError = this.#warn;
    if (this.#folder !== undefined) packages.get(this.#folder)?.open.delete(this);
  }

  /** Passes on what was thrown. */
  report(thrown: unknown): void {
    this.onError(puppetFailure(thrown));
  }
}

function warner(label: string, secrets: readonly string[]): (error: WechatError) => void {
  return ({ message }) => {
    process.emitWarning(maskSecrets(`${label}: ${message}`, secrets));
  };
}

/** Runs listeners that are not the puppet's: what they throw later is their own error. */
export function runOutsideScopes<T>(work: () => T): T {
  return current.getStore() === undefined ? work() : current.run(undefined, work);
}

/**
 * Intercepts the process events of uncaught errors before any listener, for as long as the process runs: a stopped
 * puppet may throw late. `process.emit` is wrapped, because a listener cannot keep an error from the other listeners,
 * and Node-RED's own ends the process. Errors without a scope take the way they take without this package.
 */
function interceptStrayErrors(): void {
  if (isIntercepting) return;
  isIntercepting = true;
  const emit = process.emit.bind(process) as (name: string | symbol, ...values: unknown[]) => boolean;
  const intercept = (name: string | symbol, ...values: unknown[]): boolean =>
    ((name === 'uncaughtException' || name === 'unhandledRejection') && reportStrayError(values[0])) ||
    emit(name, ...values);
  Object.assign(process, { emit: intercept });
}

/** Whether the error was attributed to a puppet and reported to its bot. */
function reportStrayError(error: unknown): boolean {
  const scope = current.getStore();
  const scopes = scope ? [scope] : scopesByStack(error);
  try {
    runOutsideScopes(() => {
      for (const found of scopes) found.report(error);
    });
  } catch {
    return false;
  }
  return scopes.length > 0;
}

/** The scopes of the package whose code created the error: of the innermost frame which is not Node.js itself. */
function scopesByStack(error: unknown): PuppetScope[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const creator = error.stack
    .split('\n')
    .find((line) => /^\s+at /.test(line) && !/node:|<anonymous>\)/.test(line));
  for (const [folder, { open, latest }] of packages) {
    if (creator?.includes(folder)) return open.size > 0 ? [...open] : [latest];
  }
  return [];
}
