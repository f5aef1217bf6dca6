/** The interface of an operation that PadChat's clients can request; `table.ts` lists all of them. */
import type { Static, TSchema } from 'typebox';
import type { Bot } from '../../../bot/bot';
import type { WechatError } from '../../../bot/errors';
import type { RunCommand } from '../../../commands/table';
import type { OperationCommands } from '../../dispatch/command-dispatcher';
import type { OpaqueTokens } from '../../wechat/opaque-tokens';
import type { AddressBook } from '../address-book';
import type { PadchatEvent, PushItem } from '../events/events';
import type { PendingLabels } from '../pending-labels';
import type { SentMessageTracker } from '../../wechat/sent-message-tracker';
import type { ProtocolVersion } from '../field-case';

/** The requesting client, as operations see it. */
export interface OperationClient {
  readonly version: ProtocolVersion;
  /** Whether it requested a login that has not happened yet; only then it gets QR codes. */
  awaitsLogin: boolean;
  /** Whether it closed its session but not its connection: it gets no events until it opens a new session. */
  isDetached: boolean;
  /** Device parameters it sent. */
  device: Readonly<Record<string, string>>;
  /**
   * Whether it requests the address book page by page until one is marked as the last. Other clients, among them those
   * of version C that know `data` only, get all pages and the event `loaded`.
   */
  readonly requestsPages: boolean;
  /** The next page of the address book, for a client that requests pages. */
  page: number;
  /** Sends an event, unless the client is detached. */
  notify(event: PadchatEvent): void;
  /** Sends all pages of the address book, and that it is complete. */
  pushPages(pages: readonly PushItem[][]): void;
}

/** Services that operations use, shared by all clients of a remote. */
export interface OperationServices {
  readonly bot: Pick<Bot, 'id' | 'state' | 'qrCode'>;
  readonly tokens: OpaqueTokens;
  readonly pendingLabels: PendingLabels;
  readonly addressBook: AddressBook;
  readonly sentMessages: SentMessageTracker<'client'>;
  /** The links that WeChat sends to contacts who are invited into a room. */
  readonly sentInvitations: SentMessageTracker<'client'>;
  /** Runs a command on behalf of the client. @throws WechatError */
  readonly run: RunCommand;
  /** Runs a read-only command of the remote itself, such as a look-up; never refused. @throws WechatError */
  readonly query: RunCommand;
}

/** What an operation works with. */
export interface OperationContext extends OperationServices {
  readonly client: OperationClient;
  /** Sends the state of the login to the client. */
  readonly notifyLogin: () => void;
}

/** The result of an operation. */
export interface OperationResult {
  /** The reply's `data`, with field names as in version B. */
  readonly data?: object;
  /** Further fields of `data` in version C, whose names are not converted. */
  readonly literalData?: object;
  /** Runs after the reply was sent. */
  readonly afterReply?: () => void;
}

/** One operation. */
export interface Operation<Params extends TSchema = TSchema> extends OperationCommands {
  /** Its name in each version that has it. */
  readonly names: Readonly<Partial<Record<ProtocolVersion, string>>>;
  /** Other names that clients use. */
  readonly aliases?: readonly string[];
  readonly summary: { readonly 'en-US': string; readonly 'zh-CN': string };
  /** Schema of the parameters, with field names as in version B. */
  readonly params: Params;
  /** Schema of the reply's `data` besides `message` and `status`, with field names as in version B. */
  readonly result?: TSchema;
  /** The error it always fails with, if it is unsupported. */
  readonly unsupported?: WechatError['key'];
  /** The name of the recipient parameter; operations with the same recipient run in order. */
  readonly to?: string;
  /** Whether it can be repeated safely. */
  readonly readOnly: boolean;
  /** @throws WechatError */
  handle(context: OperationContext, params: Static<Params>): Promise<OperationResult>;
}

/** Defines an operation; infers the type of its parameters from the schema. */
export function operation<Params extends TSchema>(definition: Operation<Params>): Operation<Params> {
  return definition;
}

/** A successful result with WeChat's status (the PadChat document: "微信端命令执行结果，成功为0"). */
export function ok(data: object = {}): OperationResult {
  return { data: { message: '', status: 0, ...data } };
}

/** The same name in all versions. */
export function allVersions(name: string): Operation['names'] {
  return { A: name, B: name, C: name };
}

/** The first non-empty text. */
export function firstNonEmpty(...values: readonly (string | null | undefined)[]): string | undefined {
  return values.find((text) => text !== undefined && text !== null && text !== '') ?? undefined;
}
