/** What a command is; the table in `table.ts` is made of these. */
import type { Static, TSchema } from 'typebox';
import type { Bot } from '../bot/bot';
import type { WechatError } from '../bot/errors';

/** What a command may touch outside WeChat, and whom it tells of its progress. */
export interface CommandContext {
  readonly files: FilePolicy;
  /** The id of the node that asks, for the record. */
  readonly by?: string;
  /** Told now and then while a large file is fetched or many sends go out. */
  readonly progress?: (progress: Progress) => void;
  /** Puts errors that are part of a result into words; unless given, they are in English. */
  readonly sentence?: (error: WechatError) => string;
}

/** Which files may be sent. */
export interface FilePolicy {
  /** Any file of this machine, or only those inside these folders (none: no local files). */
  readonly local: 'any' | readonly string[];
  /**
   * Whether a URL may lead to a private, loopback or link-local address: `refuse` never, `direct` only where the
   * URL itself names it (not by a redirect), `allow` always.
   */
  readonly privateAddresses: 'refuse' | 'direct' | 'allow';
  /** Larger files are refused. */
  readonly maxBytes: number;
}

/** How far a command is: sends of several, or a file's percentage. */
export type Progress =
  | { readonly kind: 'send'; readonly done: number; readonly total: number }
  | { readonly kind: 'fetch'; readonly file: string; readonly percent: number };

/** The policy for flows: their author may use the whole machine, strangers may not redirect him into it. */
export const flowPolicy: FilePolicy = {
  local: 'any',
  privateAddresses: 'direct',
  maxBytes: 100 * 1024 * 1024,
};

/** One thing a bot can be told. */
export interface Command<Params extends TSchema = TSchema, Result extends TSchema = TSchema> {
  readonly name: string;
  /** Other names under which older clients know it. */
  readonly aliases?: readonly string[];
  readonly summary: { readonly 'en-US': string; readonly 'zh-CN': string };
  /** Whether it only reads; a read-only remote may call it. */
  readonly readOnly: boolean;
  readonly params: Params;
  readonly result: Result;
  /** @throws WechatError */
  run(bot: Bot, params: Static<Params>, context: CommandContext): Promise<Static<Result>>;
}

/** Ties the types of an entry together. */
export function command<Params extends TSchema, Result extends TSchema>(
  definition: Command<Params, Result>,
): Command<Params, Result> {
  return definition;
}
