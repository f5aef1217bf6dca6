/** Runs operations: permission, audit, and errors as results. */
import { WechatError } from '../../bot/errors';
import type { CommandDispatcher } from '../dispatch/command-dispatcher';
import { redactParams } from '../dispatch/redact';
import type { Operation, OperationContext, OperationResult } from './operations/operation';
import { operations } from './operations/table';
import type { RequestParams } from './request-params';
import { failureResult, outcomeOf } from './wire';

/** Parameters that audit records do not contain. */
const redaction = { secrets: new Set(['token', 'ticket']), files: new Set(['media_data']) };

const operationsByPath = new Map(operations.map((operation) => [`/openwx/${operation.path}`, operation]));

/** The operation of a URL path, if any. */
export function operationOf(path: string): Operation | undefined {
  return operationsByPath.get(path);
}

/** Runs the operations of one remote, for its HTTP API and for `poll_api`. */
export class OperationRunner {
  readonly #dispatcher: CommandDispatcher;
  readonly #context: OperationContext;

  constructor(dispatcher: CommandDispatcher, context: OperationContext) {
    this.#dispatcher = dispatcher;
    this.#context = context;
  }

  /** Runs an operation; a WechatError becomes its result, except for operations that run no command. */
  async run(
    operation: Operation,
    params: RequestParams,
    getSignal: () => AbortSignal,
  ): Promise<OperationResult> {
    const { commands = [], optionalCommands = [], path } = operation;
    const handle = (): Promise<OperationResult> => operation.handle(this.#context, params, getSignal);
    if (commands.length + optionalCommands.length === 0) return handle();
    try {
      return await this.#dispatcher.runAudited(
        { name: path, params: redactParams(params, redaction), commands },
        handle,
        (result) => outcomeOf(typeof result === 'object' ? result : {}),
        (error) => outcomeOf(failureResult(error, operation)),
      );
    } catch (error) {
      if (error instanceof WechatError) return failureResult(error, operation);
      throw error;
    }
  }
}
