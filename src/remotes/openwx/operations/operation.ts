/** Operations, the entries of `operations/table.ts`: one for each path of this protocol. */
import type { TSchema } from 'typebox';
import type { Bot } from '../../../bot/bot';
import type { FilePolicy } from '../../../commands/command';
import type { RunCommand } from '../../../commands/table';
import type { OperationCommands } from '../../dispatch/command-dispatcher';
import type { MediaCache } from '../../storage/media-cache';
import type { OpaqueTokens } from '../../wechat/opaque-tokens';
import type { KeyedMutex } from '../../../util/keyed-mutex';
import type { RecipientCache } from '../people/recipient-cache';
import type { EventQueue } from '../events/event-queue';
import type { RequestParams } from '../request-params';
import type { MessageSender } from '../messages/message-sender';
import type { Post } from '../events/event-mapper';

/** Services of operations. */
export interface OperationContext {
  readonly bot: Bot;
  /** Runs a command on behalf of the client. */
  readonly run: RunCommand;
  /** Runs a read-only command of the remote itself, such as a look-up by name. */
  readonly query: RunCommand;
  readonly sender: MessageSender;
  readonly recipients: RecipientCache;
  readonly media: MediaCache;
  readonly files: FilePolicy;
  readonly tickets: OpaqueTokens;
  readonly queue: EventQueue<Post>;
  readonly mutex: KeyedMutex;
  readonly version: string;
  readonly allowStop: boolean;
  /** When the remote was created, in ms since 1970. */
  readonly startedAt: number;
  /** Runs a task after the response. */
  readonly defer: (name: string, delayMs: number, task: () => Promise<unknown>) => void;
}

/** A result that is an image instead of JSON. */
export class ImageResult {
  constructor(
    readonly data: Buffer,
    readonly mimeType: string,
  ) {}
}

/** The result of an operation. */
export type OperationResult = object | ImageResult | 'timeout';

/** A text in all languages of the documents. */
export interface LocalizedText {
  readonly 'en-US': string;
  readonly 'zh-CN': string;
}

/** A request parameter. */
export interface Parameter {
  readonly summary: LocalizedText;
  readonly required?: true;
}

/** One path below `/openwx/`. Without commands, it is not audited. */
export interface Operation extends OperationCommands {
  readonly path: string;
  readonly summary: LocalizedText;
  readonly params: Readonly<Record<string, Parameter>>;
  /** The JSON of a successful result. */
  readonly response: TSchema;
  /** The result code of the error FAILED; default: 201. */
  readonly failureCode?: number;
  /** Fields of a failed result besides `code` and `status`. */
  readonly errorFields?: Readonly<Record<string, null>>;
  /** @param getSignal creates a signal that aborts when the client disconnects or the remote stops. */
  handle(
    context: OperationContext,
    params: RequestParams,
    getSignal: () => AbortSignal,
  ): Promise<OperationResult>;
}

/** A result of code and status. */
export function result(code: number, status: string): { readonly code: number; readonly status: string } {
  return { code, status };
}

/** The result when no contact or group matches. */
export const notFound = result(100, 'object not found');

/** The result of a successful operation without further fields. */
export const success = result(0, 'success');
