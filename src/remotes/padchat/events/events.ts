/** Events that are sent to PadChat's clients, and their names and fields in each protocol version. */
import { type ProtocolVersion, toWireCase } from '../field-case';

/** A pushed message, system message or contact. Field names as in version B. */
export interface PushItem {
  /** The PadChat document, MsgType. */
  readonly msgType: number;
  readonly [field: string]: unknown;
}

/** Who confirmed a login (the package padchat-sdk, event `scan`). */
export interface ScanUser {
  readonly userName: string;
  readonly nickName: string;
  readonly uin: number;
  readonly headUrl: string;
}

/** An event, independent of the protocol version. */
export type PadchatEvent =
  /** `picture` is a JPEG in Base64; C uses `url`, the content of the code, and its older clients either. */
  | { readonly kind: 'qrcode'; readonly url: string; readonly picture: string }
  /** `user` logged in by it, with the status `Confirmed`. */
  | { readonly kind: 'scan'; readonly status: number; readonly user?: ScanUser }
  /** `relogin`: from the saved session; `loaded`: the address book is complete. */
  | { readonly kind: 'login' | 'relogin' | 'loaded' | 'sns' }
  /** `closed`: the bot was stopped, or the client requested `disconnect` or `close`. */
  | { readonly kind: 'logout' | 'closed' | 'problem'; readonly msg: string }
  /** Data is ready to be requested: 4 is the address book. */
  | { readonly kind: 'notify'; readonly type: number }
  | { readonly kind: 'messages' | 'contacts'; readonly items: readonly PushItem[] };

/** The kinds of events. */
export type EventKind = PadchatEvent['kind'];

/** The name of each event; a version without a name does not get it. */
export const eventNames: Readonly<Record<EventKind, Readonly<Partial<Record<ProtocolVersion, string>>>>> = {
  qrcode: { A: 'qrcode', B: 'qrcode', C: 'qrcode' },
  scan: { A: 'scan', B: 'scan', C: 'scan' },
  login: { A: 'login', B: 'login', C: 'login' },
  relogin: { A: 'reconnect', C: 'autoLogin' },
  // Not for clients of C that request pages: they take the mark of the last one for it.
  loaded: { A: 'loaded', B: 'loaded', C: 'loaded' },
  logout: { A: 'logout', B: 'logout', C: 'logout' },
  closed: { A: 'disconnect', B: 'close', C: 'over' },
  problem: { A: 'error', B: 'warn', C: 'warn' },
  sns: { A: 'sns', B: 'sns', C: 'sns' },
  notify: { C: 'notify' },
  messages: { A: 'push', B: 'push', C: 'push' },
  contacts: { A: 'push', B: 'push', C: 'push' },
};

/** The `type` of a list in version C: 4 is the address book, anything else is messages. */
export const pushTypes = { messages: 2, contacts: 4 } as const;

/** In version C the item that ends a page of the address book (its sdk, event `push`). */
export const pageEndMsgType = 32768;

/** In version C the `msgType` of everything from WeChat; the actual type is in `subType`. */
const wechatMsgType = 5;

/** The `msgType` of a contact in the address book (the PadChat document, MsgType). */
export const contactMsgType = 2;

/** An event in the form of one protocol version. */
export interface WireEvent {
  readonly name: string;
  readonly success: boolean;
  readonly msg: string;
  /** In the field case of this version: an object, or in A the pushed list. */
  readonly fields: unknown;
}

/** Maps an event to one protocol version; undefined if that has no such event. */
export function toWireEvent(version: ProtocolVersion, event: PadchatEvent): WireEvent | undefined {
  const name = eventNames[event.kind][version];
  if (name === undefined) return undefined;
  const fields = eventFields(version, event);
  return {
    name,
    success: event.kind !== 'problem',
    msg: 'msg' in event ? event.msg : '',
    fields: toWireCase(fields, version),
  };
}

function eventFields(version: ProtocolVersion, event: PadchatEvent): unknown {
  switch (event.kind) {
    case 'qrcode':
      return version === 'C'
        ? { url: event.url, qrCode: event.picture || undefined }
        : { qrCode: event.picture };
    case 'scan':
      return { status: event.status, subStatus: 0, ...event.user };
    case 'logout':
    case 'closed':
      return version === 'A' ? {} : { msg: event.msg, error: '' };
    case 'problem':
      return version === 'A' ? {} : { error: event.msg };
    case 'notify':
      return { type: event.type };
    case 'messages':
    case 'contacts': {
      const list = event.items.map((item) => toWireItem(version, item));
      if (version === 'A') return list;
      return version === 'B' ? { list } : { type: pushTypes[event.kind], list };
    }
    default:
      return {};
  }
}

/** WeChat's `msgType` of a video, and that of version A's document. */
const videoMsgTypes = { wechat: 43, versionA: 62 };

function toWireItem(version: ProtocolVersion, item: PushItem): object {
  const msgType =
    version === 'A' && item.msgType === videoMsgTypes.wechat ? videoMsgTypes.versionA : item.msgType;
  if (msgType === contactMsgType || msgType === pageEndMsgType) return item;
  return Object.assign({}, item, { msgType: version === 'C' ? wechatMsgType : msgType, subType: msgType });
}
