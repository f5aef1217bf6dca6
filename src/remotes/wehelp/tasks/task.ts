/** The interface of a task that a service can have run; `table.ts` lists all of them. */
import Type, { type Static, type TObject } from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { RunCommand } from '../../../commands/table';
import type { OperationCommands } from '../../dispatch/command-dispatcher';
import type { V2Codes } from '../v2-codes';
import type { CallbackData } from '../wire';

/** Services a task uses. */
export interface TaskContext {
  /** Runs a command on behalf of the service. @throws WechatError */
  readonly run: RunCommand;
  /** Runs a read-only command of the remote itself, such as a look-up; never refused. @throws WechatError */
  readonly query: RunCommand;
  readonly v2Codes: V2Codes;
  /** The bot's own account; empty if there is none. */
  readonly selfId: string;
  /** The current login QR code, if any. */
  readonly qrCode: string | undefined;
}

/** One kind of task. */
export interface TaskKind<Params extends TObject = TObject> extends OperationCommands {
  readonly api: string;
  /** WeHelp's number, if any. */
  readonly code?: number;
  readonly summary: { readonly 'en-US': string; readonly 'zh-CN': string };
  /** The `type`s of the callbacks that answer it, or their `code`. */
  readonly callbacks?: readonly number[];
  /** Whether it always fails, because Wechaty does not support it. */
  readonly isUnsupported?: boolean;
  /** Whether it can be repeated safely. */
  readonly readOnly: boolean;
  /** Whether it runs while nobody is logged in; other tasks wait for a login. */
  readonly runsWithoutLogin?: boolean;
  /** Schema of its fields besides `api`, `code` and `time`. */
  readonly params: Params;
  /** Runs a task. @returns its callbacks; none for tasks without a response. @throws WechatError */
  handle(params: Static<Params>, context: TaskContext): Promise<CallbackData[]>;
}

/** Defines a task; infers the type of its parameters from the schema. */
export function task<Params extends TObject>(definition: TaskKind<Params>): TaskKind<Params> {
  return definition;
}

/** Defines a task of WeHelp that Wechaty does not support. */
export function unsupportedTask(api: string, code: number, summary: TaskKind['summary']): TaskKind {
  return {
    api,
    code,
    summary,
    isUnsupported: true,
    readOnly: true,
    runsWithoutLogin: true,
    params: noParams,
    handle: () => Promise.reject(new WechatError('UNSUPPORTED', 'taskUnsupported', { api })),
  };
}

/** The id of a contact or a room. */
export const id = Type.String({ minLength: 1 });

/** No fields besides `api`, `code` and `time`. */
export const noParams = Type.Object({});
