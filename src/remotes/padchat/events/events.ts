/** What PadChat's clients are told without having asked, and how each generation names it. */
import { type Generation, spelled } from '../field-case';

/** A message, a notice or a contact, as it is pushed. Fields as in generation B. */
export interface PushItem {
  /** The PadChat document, MsgType. */
  readonly msgType: number;
  readonly [field: string]: unknown;
}

/** Something a client is told. */
export type PadchatEvent =
  /** `picture` is a JPEG in Base64, for generations A and B; C gets the content of the code. */
  | { readonly kind: 'qrcode'; readonly url: string; readonly picture: string }
  | { readonly kind: 'scan'; readonly status: number }
  /** `relogin`: without anybody having scanned a code; `loaded`: the address book is complete. */
  | { readonly kind: 'login' | 'relogin' | 'loaded' | 'sns' }
  /** `closed`: the bot is stopped, or the client said `disconnect` or `close`. */
  | { readonly kind: 'logout' | 'closed' | 'problem'; readonly msg: string }
  /** Something is there to be asked for: 4 for the address book. */
  | { readonly kind: 'notify'; readonly type: number }
  | { readonly kind: 'messages' | 'contacts'; readonly items: readonly PushItem[] };

/** The kinds of events. */
export type EventKind = PadchatEvent['kind'];

/** What an event is called; where a generation has no such event it is not told. */
export const eventNames: Readonly<Record<EventKind, Readonly<Partial<Record<Generation, string>>>>> = {
  qrcode: { A: 'qrcode', B: 'qrcode', C: 'qrcode' },
  scan: { A: 'scan', B: 'scan', C: 'scan' },
  login: { A: 'login', B: 'login', C: 'login' },
  relogin: { A: 'reconnect', B: 'login', C: 'autoLogin' },
  // In C the last page of the address book says so: a client that is told twice believes it twice.
  loaded: { A: 'loaded', B: 'loaded' },
  logout: { A: 'logout', B: 'logout', C: 'logout' },
  closed: { A: 'disconnect', B: 'close', C: 'over' },
  problem: { A: 'error', B: 'warn', C: 'warn' },
  sns: { A: 'sns', B: 'sns', C: 'sns' },
  notify: { C: 'notify' },
  messages: { A: 'push', B: 'push', C: 'push' },
  contacts: { A: 'push', B: 'push', C: 'push' },
};

/** The kinds of lists that generation C pushes: 4 is the address book, anything else is messages. */
export const pushTypes = { messages: 2, contacts: 4 } as const;

/** In generation C the item that says whether the address book goes on (the sdk of generation C, event `push`). */
export const pageEnd = 32768;

/** In generation C the type of everything that came from WeChat; what it is stands in `subType`. */
const fromWechat = 5;

/** A contact of the address book (the PadChat document, MsgType). */
export const contactRecord = 2;

/** An event as one generation tells it. */
export interface ToldEvent {
  readonly name: string;
  readonly success: boolean;
  readonly msg: string;
  /** Spelled as in this generation: an object, or in A the list that was pushed. */
  readonly fields: unknown;
}

/** What is to be told in one generation; undefined where it has no such event. */
export function toldIn(generation: Generation, event: PadchatEvent): ToldEvent | undefined {
  const name = eventNames[event.kind][generation];
  if (name === undefined) return undefined;
  const fields = fieldsOf(generation, event);
  return {
    name,
    success: event.kind !== 'problem',
    msg: 'msg' in event ? event.msg : '',
    fields: spelled(fields, generation),
  };
}

function fieldsOf(generation: Generation, event: PadchatEvent): unknown {
  switch (event.kind) {
    case 'qrcode':
      return generation === 'C' ? { url: event.url } : { qrCode: event.picture };
    case 'scan':
      return { status: event.status, subStatus: 0 };
    case 'logout':
    case 'closed':
      return generation === 'A' ? {} : { msg: event.msg, error: '' };
    case 'problem':
      return generation === 'A' ? {} : { error: event.msg };
    case 'notify':
      return { type: event.type };
    case 'messages':
    case 'contacts': {
      const list = event.items.map((item) => itemIn(generation, item));
      if (generation === 'A') return list;
      return generation === 'B' ? { list } : { type: pushTypes[event.kind], list };
    }
    default:
      return {};
  }
}

/** WeChat's number for a video, and the one the document of generation A has for it. */
const video = { usual: 43, inA: 62 };

function itemIn(generation: Generation, item: PushItem): object {
  const msgType = generation === 'A' && item.msgType === video.usual ? video.inA : item.msgType;
  if (msgType === contactRecord || msgType === pageEnd) return item;
  return Object.assign({}, item, { msgType: generation === 'C' ? fromWechat : msgType, subType: msgType });
}
