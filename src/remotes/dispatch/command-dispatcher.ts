/** Runs commands for the clients of one remote: checks permissions, applies the file policy and audits requests. */
import type { Bot } from '../../bot/bot';
import { errorCodes, errorMessage, WechatError } from '../../bot/errors';
import type { CommandContext, FilePolicy } from '../../commands/command';
import { findCommand, runCommand, runUntrustedCommand } from '../../commands/run';
import type { CommandName, RunCommand } from '../../commands/table';
import type { AuditRecord } from './audit';
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
  /** The commands it may run on behalf of the client; it is refused unless all of them are permitted. */
  readonly commands?: readonly CommandName[];
}

/** The commands that an operation of a protocol runs on behalf of a client. */
export interface OperationCommands {
  /** It is refused, before anything is done, unless all of them are permitted. */
  readonly commands?: readonly CommandName[];
  /** Commands it runs in some cases only, before it changes anything; each is checked when it is run. */
  readonly optionalCommands?: readonly CommandName[];
}

/** Code and message of the response to a request. */
export type AuditOutcome = Pick<AuditRecord, 'code' | 'message'>;

/** Authorised command dispatcher of one remote. */
export class CommandDispatcher {
  readonly #bot: Bot;
  readonly #files: FilePolicy;
  readonly #host: DispatcherHost;
  readonly #clientContext: CommandContext;
  readonly #isPermitted: ReturnType<typeof createCommandFilter>;
  readonly #idleWaiters: (() => void)[] = [];
  #running = 0;

  constructor(bot: Bot, policy: RemotePolicy, host: DispatcherHost) {
    this.#bot = bot;
    this.#files = policy.files;
    this.#isPermitted = createCommandFilter(policy.permissions);
    this.#host = host;
    const { nodeId } = host;
    this.#clientContext = { files: policy.files, ...(nodeId ? { nodeId } : {}) };
  }

  /** The error of a request one of whose commands is not permitted; `undefined` when all are. */
  refusalOf(commands: readonly string[]): WechatError | undefined {
    for (const name of commands) {
      const command = findCommand(name);
      if (command && !this.#isPermitted(command)) {
        return new WechatError('REFUSED', 'commandDenied', { name: command.name });
      }
    }
    return undefined;
  }

  /** Runs a command on behalf of a client, as `runUntrusted` does. */
  readonly run: RunCommand = async (name, params) => {
    const refusal = this.refusalOf([name]);
    if (refusal) throw refusal;
    return runCommand(this.#bot, name, params, this.#clientContext);
  };

  /**
   * Runs a command on behalf of a client: it must be permitted, and is recorded as run by the node.
   * @returns its result as plain JSON (Buffers for files).
   * @throws WechatError REFUSED (`commandDenied`), and whatever the command throws.
   */
  runUntrusted(name: string, params: unknown = {}): Promise<unknown> {
    const refusal = this.refusalOf([name]);
    if (refusal) return Promise.reject(refusal);
    return runUntrustedCommand(this.#bot, name, params, this.#clientContext);
  }

  /**
   * Runs a read-only command for the remote itself, to resolve names and ids or to complete a response or an event:
   * it is never refused, and not recorded as run by the node.
   */
  readonly query: RunCommand = (name, params) => runCommand(this.#bot, name, params, { files: this.#files });

  /**
   * Starts the audit of a request.
   * @returns ends it with the outcome; to be called exactly once.
   */
  startAudit({ name, params, reqId = '' }: RemoteRequest): (outcome: AuditOutcome) => void {
    const startedAt = performance.now();
    this.#running += 1;
    return ({ code, message }) => {
      this.#running -= 1;
      if (this.#running === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
      const ms = Math.round(performance.now() - startedAt);
      this.#host.onAudit({ name, params, code, message, reqId, ms });
    };
  }

  /**
   * Executes a client's request if its commands are permitted, and audits it.
   * @param work executes the request, with any number of `run` and `query` calls.
   * @param outcome code and message of a result; default: 200 and "success".
   * @param failed code and message of an error; default: its HTTP status and message.
   * @throws WechatError REFUSED (`commandDenied`), and what `work` throws; other errors as FAILED (`callFailed`).
   */
  async runAudited<T>(
    request: RemoteRequest,
    work: () => Promise<T>,
    outcome: (result: T) => AuditOutcome = () => ({ code: 200, message: 'success' }),
    failed: (error: WechatError) => AuditOutcome = ({ code, message }) => ({
      code: errorCodes[code].httpStatus,
      message,
    }),
  ): Promise<T> {
    const endAudit = this.startAudit(request);
    let result: T;
    try {
      const refusal = this.refusalOf(request.commands ?? []);
      if (refusal) throw refusal;
      result = await work();
    } catch (thrown) {
      const error = this.toWechatError(request.name, thrown);
      endAudit(failed(error));
      throw error;
    }
    endAudit(outcome(result));
    return result;
  }

  /** Resolves when no request is being executed. */
  async whenIdle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Wraps other errors as FAILED (`callFailed`), without secrets. @param name of the request that failed. */
  toWechatError(name: string, thrown: unknown): WechatError {
    if (thrown instanceof WechatError) return thrown;
    const error = this.#bot.redact(errorMessage(thrown));
    return new WechatError('FAILED', 'callFailed', { call: name.slice(0, 128), error }, { cause: thrown });
  }
}
