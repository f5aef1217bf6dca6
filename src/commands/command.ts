/** The shape of a command: one entry of the table in `table.ts`. */
import type { Static, TSchema } from 'typebox';
import type { Bot } from '../bot/bot';
import type { WechatError } from '../bot/errors';

/** What a command runs with: the file policy, the calling node, progress and translation callbacks. */
export interface CommandContext {
  readonly files: FilePolicy;
  /** The id of the calling node, for the audit record. */
  readonly nodeId?: string;
  /**
   * The conversation of the own message that caused the call, if one did: what is sent there counts as a reply to
   * oneself.
   */
  readonly ownMessageIn?: string | undefined;
  /** Called while a large file is downloaded or while there are several recipients. */
  readonly progress?: (progress: Progress) => void;
  /** Translates errors that are part of a result; default: English. */
  readonly translateError?: (error: WechatError) => string;
}

/** Which files may be sent. */
export interface FilePolicy {
  /** Any local file, or only those inside these folders (an empty list: none). */
  readonly local: 'any' | readonly string[];
  /**
   * Whether a URL may resolve to a private, loopback or link-local address: `refuse` never, `direct` only where the
   * URL itself names it (not by a redirect), `allow` always.
   */
  readonly privateAddresses: 'refuse' | 'direct' | 'allow';
  /** Larger files are refused. */
  readonly maxBytes: number;
}

/** Progress of a command: recipients done, or percent of a file downloaded. */
export type Progress =
  | { readonly kind: 'send'; readonly done: number; readonly total: number }
  | { readonly kind: 'fetch'; readonly file: string; readonly percent: number };

/** The policy for flows: any local file; a download may not be redirected to a private address. */
export const flowPolicy: FilePolicy = {
  local: 'any',
  privateAddresses: 'direct',
  maxBytes: 100 * 1024 * 1024,
};

/** One entry of the table. */
export interface Command<
  Name extends string = string,
  Params extends TSchema = TSchema,
  Result extends TSchema = TSchema,
  Alias extends string = string,
> {
  readonly name: Name;
  /** Other names that older clients use. */
  readonly aliases?: readonly Alias[];
  readonly summary: { readonly 'en-US': string; readonly 'zh-CN': string };
  /** Whether it only reads; a read-only remote may call it. */
  readonly readOnly: boolean;
  readonly params: Params;
  readonly result: Result;
  /** @throws WechatError */
  run(bot: Bot, params: Static<Params>, context: CommandContext): Promise<Static<Result>>;
}

/** Infers the types of an entry: its literal name and aliases, and `run` from the two schemas. */
export function command<
  const Name extends string,
  Params extends TSchema,
  Result extends TSchema,
  const Alias extends string = never,
>(definition: Command<Name, Params, Result, Alias>): Command<Name, Params, Result, Alias> {
  return definition;
}
