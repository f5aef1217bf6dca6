/** Runs commands for the clients of one remote: checks permissions, applies the file policy and audits requests. */
import type { Bot } from '../../bot/bot';
import { errorMessage, WechatError } from '../../bot/errors';
import type { FilePolicy } from '../../commands/command';
import { findCommand, runUntrustedCommand } from '../../commands/run';
import { type AuditRecord, httpStatusByCode } from './audit';
import { type AllowDenyRules, createCommandFilter } from './command-policy';
import type { RemoteHost } from '../remote';

/** What the clients of a remote are allowed to do. */
export interface RemotePolicy {
  readonly permissions: AllowDenyRules;
  readonly files: FilePolicy;
}

/** What a dispatcher needs from the node that hosts the remote. */
type DispatcherHost = Pick<RemoteHost, 'nodeId' | 'onAudit'>;

/** A client's request, in terms of its protocol. */
export interface RemoteRequest {
  readonly name: string;
  /** Without keys and tokens, because audit records are sent to the flow. */
  readonly params: unknown;
  readonly reqId?: string;
}

/** Code and message of the response to a request. */
export type AuditOutcome = Pick<AuditRecord, 'code' | 'message'>;

/** Authorised command dispatcher of one remote. */
export class CommandDispatcher {
  readonly #bot: Bot;
  readonly #files: FilePolicy;
  readonly #host: DispatcherHost;
  readonly #isPermitted: ReturnType<typeof createCommandFilter>;
  readonly #idleWaiters: (() => void)[] = [];
  #running = 0;

  constructor(bot: Bot, policy: RemotePolicy, host: DispatcherHost) {
    this.#bot = bot;
    this.#files = policy.files;
    this.#isPermitted = createCommandFilter(policy.permissions);
    this.#host = host;
  }

  /** Whether the policy permits a command of the table. */
  isPermitted(command: string): boolean {
    const found = findCommand(command);
    return found !== undefined && this.#isPermitted(found);
  }

  /**
   * Runs a command of the table.
   * @returns its result as plain JSON (Buffers for files).
   * @throws WechatError REFUSED (`commandDenied`) when the policy does not permit it, and whatever the command throws.
   */
  async run(command: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const found = findCommand(command);
    if (found && !this.#isPermitted(found)) {
      throw new WechatError('REFUSED', 'commandDenied', { name: found.name });
    }
    const { nodeId } = this.#host;
    return runUntrustedCommand(this.#bot, command, params, {
      files: this.#files,
      ...(nodeId ? { nodeId: nodeId } : {}),
    });
  }

  /**
   * Executes a client's request and audits it.
   * @param work executes the request, with any number of `run` calls.
   * @param outcome code and message of a result; default: 200 and "success".
   * @param failed code and message of an error; default: its HTTP status and message.
   * @throws WechatError what `work` throws; other errors as FAILED (`callFailed`).
   */
  async runAudited<T>(
    { name, params, reqId = '' }: RemoteRequest,
    work: () => Promise<T>,
    outcome: (result: T) => AuditOutcome = () => ({ code: 200, message: 'success' }),
    failed: (error: WechatError) => AuditOutcome = ({ code, message }) => ({
      code: httpStatusByCode[code],
      message,
    }),
  ): Promise<T> {
    const startedAt = Date.now();
    const record = ({ code, message }: AuditOutcome): void => {
      this.#host.onAudit({ name, params, code, message, reqId, ms: Date.now() - startedAt });
    };
    this.#running += 1;
    try {
      const result = await work();
      record(outcome(result));
      return result;
    } catch (thrown) {
      const error = this.#toWechatError(name, thrown);
      record(failed(error));
      throw error;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
    }
  }

  /** Resolves when no request is being executed. */
  async whenIdle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  #toWechatError(name: string, thrown: unknown): WechatError {
    if (thrown instanceof WechatError) return thrown;
    const error = this.#bot.redact(errorMessage(thrown));
    return new WechatError('FAILED', 'callFailed', { call: name.slice(0, 128), error }, { cause: thrown });
  }
}
