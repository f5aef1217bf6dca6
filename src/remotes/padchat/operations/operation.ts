/** What an operation is that PadChat's clients can ask for; the table in `operations.ts` is made of these. */
import type { Static, TSchema } from 'typebox';
import type { Bot } from '../../../bot/bot';
import type { WechatError } from '../../../bot/errors';
import type { Tickets } from '../../wechat/opaque-tokens';
import type { AddressBook } from '../address-book';
import type { PadchatEvent } from '../events/events';
import type { Labels } from '../pending-labels';
import type { OwnSends } from '../sent-message-tracker';
import type { Generation } from '../field-case';

/** The client that asks, as far as operations are concerned. */
export interface Client {
  readonly generation: Generation;
  /** Whether it asked for a login and was not told of one since: only then it sees QR codes. */
  awaitsLogin: boolean;
  /** Whether it said goodbye without hanging up: it is told of nothing until it says hello again. */
  isDetached: boolean;
  /** What it said of its device. */
  device: Readonly<Record<string, string>>;
  /** Where in the address book its reading is; generation C reads page after page. */
  page: number;
  /** Tells it of something, unless it is detached. */
  tell(event: PadchatEvent): void;
}

/** What an operation works with. */
export interface Context {
  readonly client: Client;
  readonly bot: Pick<Bot, 'id' | 'state' | 'qrCode'>;
  readonly tickets: Tickets;
  readonly labels: Labels;
  readonly addressBook: AddressBook;
  readonly ownSends: OwnSends;
  /** Executes a command of the table, if the owner allows it. @throws WechatError */
  readonly ask: <Result>(command: string, params?: Readonly<Record<string, unknown>>) => Promise<Result>;
  /** Tells the client what there is to know of a login that goes on. */
  readonly tellLogin: () => void;
}

/** What an operation gives. */
export interface Outcome {
  /** Fields of the reply's `data`, as in generation B. */
  readonly data?: object;
  /** What comes after the reply. */
  readonly afterwards?: () => void;
}

/** One operation. */
export interface Operation<Params extends TSchema = TSchema> {
  /** What each generation calls it; where there is none, that generation has no such operation. */
  readonly names: Readonly<Partial<Record<Generation, string>>>;
  /** Other spellings that clients use. */
  readonly aliases?: readonly string[];
  readonly summary: { readonly 'en-US': string; readonly 'zh-CN': string };
  /** What it takes, as in generation B. */
  readonly params: Params;
  /** What the reply's `data` holds besides `message` and `status`, as in generation B. */
  readonly result?: TSchema;
  /** Why it is always answered with UNSUPPORTED, if so. */
  readonly unsupported?: WechatError['key'];
  /** The parameter that says where something goes; of one destination the order is kept. */
  readonly to?: string;
  /** Whether it may be done twice without harm. */
  readonly readOnly: boolean;
  /** @throws WechatError */
  run(context: Context, params: Static<Params>): Promise<Outcome>;
}

/** Ties the types of an entry together. */
export function operation<Params extends TSchema>(definition: Operation<Params>): Operation<Params> {
  return definition;
}

/** What WeChat says of what worked (the PadChat document: "微信端命令执行结果，成功为0"). */
export function done(data: object = {}): Outcome {
  return { data: { message: '', status: 0, ...data } };
}

/** The same name in all generations. */
export function everywhere(name: string): Operation['names'] {
  return { A: name, B: name, C: name };
}

/** The first text that is not empty. */
export function firstOf(...given: readonly (string | null | undefined)[]): string | undefined {
  return given.find((text) => text !== undefined && text !== null && text !== '') ?? undefined;
}
