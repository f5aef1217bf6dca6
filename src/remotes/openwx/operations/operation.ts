/** What a path of this protocol is; the table in `operations/table.ts` is made of these. */
import type { TSchema } from 'typebox';
import type { Bot } from '../../../bot/bot';
import type { FilePolicy } from '../../../commands/command';
import type { MediaStore } from '../../storage/media-cache';
import type { Tickets } from '../../wechat/opaque-tokens';
import type { Turns } from '../../../util/keyed-mutex';
import type { Acquaintances } from '../people/recipient-cache';
import type { EventQueue } from '../events/event-queue';
import type { Given } from '../request-params';
import type { Ask } from '../people/contact-query';
import type { Speaker } from '../messages/message-sender';
import type { Post } from '../events/event-mapper';

/** What operations work with. */
export interface Context {
  readonly bot: Bot;
  /** Any command of the table: whether the operation is allowed was found out before. */
  readonly ask: Ask;
  readonly speaker: Speaker;
  readonly acquaintances: Acquaintances;
  readonly media: MediaStore;
  readonly files: FilePolicy;
  readonly tickets: Tickets;
  readonly queue: EventQueue<Post>;
  readonly turns: Turns;
  readonly version: string;
  readonly allowStop: boolean;
  /** When the remote was started, in ms since 1970. */
  readonly startedAt: number;
  /** Does something after the answer is out; it ends with the remote. */
  readonly afterwards: (name: string, delay: number, work: () => Promise<unknown>) => void;
}

/** What is answered where it is not JSON. */
export class Picture {
  constructor(
    readonly data: Buffer,
    readonly type: string,
  ) {}
}

/** What is answered; `too late` when nothing could be had in time. */
export type Reply = object | Picture | 'too late';

/** A text in both languages. */
export interface InBoth {
  readonly 'en-US': string;
  readonly 'zh-CN': string;
}

/** A parameter. */
export interface Parameter {
  readonly summary: InBoth;
  readonly required?: true;
}

/** One path below `/openwx/`. */
export interface Operation {
  readonly path: string;
  readonly summary: InBoth;
  /** The command of the table without whose permission it is refused. */
  readonly command?: string;
  readonly params: Readonly<Record<string, Parameter>>;
  /** What is answered when all goes well. */
  readonly answer: TSchema;
  /** The code where WeChat said no; 201 unless told. */
  readonly failed?: number;
  /** What an answer has besides `code` and `status` when it fails. */
  readonly whenFailed?: Readonly<Record<string, null>>;
  /** @param gone ends what waits: the client has left, or the remote is stopped. Made when it is asked for. */
  run(context: Context, given: Given, gone: () => AbortSignal): Promise<Reply>;
}

/** An answer of a code and a status. */
export function told(code: number, status: string): { readonly code: number; readonly status: string } {
  return { code, status };
}

/** The answer where nobody and nothing has that name. */
export const notFound = told(100, 'object not found');

/** The answer where all went well. */
export const success = told(0, 'success');
