/** What a bot tells, as PadChat's clients are told it. */
import type { Bot } from '../../../bot/bot';
import { withTimeout } from '../../../util/timeout';
import type { BotEvent } from '../../../bot/events';
import type { ContactView, MessageTypeName, MessageView, RoomView } from '../../../bot/views';
import type { Tickets } from '../../wechat/opaque-tokens';
import { type Ask, wechatContent, wechatSource, wechatTypes } from '../../wechat/wechat-xml';
import { uinOf } from '../derived-ids';
import type { PadchatEvent, PushItem } from './events';
import {
  friendNotice,
  friendRequest,
  joinNotice,
  leaveNotice,
  roomInvite,
  topicNotice,
  verifyNotice,
} from '../../wechat/wechat-system-messages';

/** PadChat's number for each kind of message (the PadChat document, MsgType). */
export const messageTypes: Readonly<Record<MessageTypeName, number>> = {
  ...wechatTypes,
  GroupNote: 49,
  Transfer: 2000,
  RedEnvelope: 2001,
  Unknown: 9999,
};

/** Numbers of what are no messages of people. */
const friendRequestType = 37;
const roomInviteType = 3000;
const noticeType = 10_000;

/** WeChat's number for a message that came in. */
const receivedStatus = 3;

/** Who friend requests come from in WeChat. */
const friendRecommendation = 'fmessage';

/** Larger pictures and voices are not pushed along with their message, in bytes: clients ask for them. */
const attached = { Image: 64 * 1024, Audio: 256 * 1024 };

/** How long a message waits for its picture, in ms. */
const patience = 3_000;

/** Each event has some of these. */
interface Fields {
  readonly id: string;
  readonly type: string;
  readonly hello: string;
  readonly topic: string;
  readonly happenedAt: number;
  readonly message: MessageView;
  readonly contact: ContactView | null;
  readonly talker: ContactView | null;
  readonly listener: ContactView | null;
  readonly inviter: ContactView | null;
  readonly remover: ContactView | null;
  readonly changer: ContactView | null;
  readonly inviteeList: readonly ContactView[];
  readonly leaverList: readonly ContactView[];
  readonly room: RoomView | null;
}

/** What is to be pushed, and to which conversation it belongs. */
export interface Push {
  readonly conversation: string;
  readonly item: PushItem | Promise<PushItem>;
}

/** Makes what is pushed out of what a bot tells. */
export class Pushes {
  readonly #bot: Pick<Bot, 'state'>;
  readonly #tickets: Tickets;
  readonly #ask: Ask;
  /** Of the account that was asked for last: making one costs more than all the rest of a message. */
  #known = { id: '', uin: 0 };

  /** @param ask what the owner does not allow is left out of what is pushed. */
  constructor(bot: Pick<Bot, 'state'>, tickets: Tickets, ask: Ask) {
    this.#bot = bot;
    this.#tickets = tickets;
    this.#ask = ask;
  }

  /** What to push for an event; undefined where there is nothing. */
  of(event: BotEvent): Push | undefined {
    const told = event as unknown as Fields;
    const { room, happenedAt } = told;
    const self = this.#selfId;
    switch (event.event) {
      case 'message':
        return this.#message(told);
      case 'friendship':
        return this.#friendship(told);
      case 'room-join':
        return this.#notice(room?.id, joinNotice(told.inviteeList, told.inviter, self), happenedAt);
      case 'room-leave':
        return this.#notice(room?.id, leaveNotice(told.leaverList, told.remover, self), happenedAt);
      case 'room-topic':
        return this.#notice(room?.id, topicNotice(told.topic, told.changer, self), happenedAt);
      case 'room-invite': {
        const from = told.inviter?.id ?? '';
        const content = roomInvite(told.id, told.topic, told.inviter);
        return this.#push(
          from,
          { msgType: roomInviteType, msgId: told.id, fromUser: from, content },
          happenedAt,
        );
      }
      default:
        return undefined;
    }
  }

  get #selfId(): string {
    return this.#bot.state.user?.id ?? '';
  }

  #push(conversation: string, fields: PushItem, timestamp: number): Push {
    return { conversation, item: { ...this.#envelope(timestamp), ...fields } };
  }

  /** What every item has. Times are in seconds. */
  #envelope(timestamp: number): object {
    return {
      msgId: '',
      fromUser: '',
      toUser: this.#selfId,
      content: '',
      msgSource: '',
      description: '',
      status: receivedStatus,
      continue: 1,
      timestamp: Math.floor(timestamp / 1000),
      uin: this.#uin,
    };
  }

  get #uin(): number {
    const id = this.#selfId;
    if (id !== this.#known.id) this.#known = { id, uin: uinOf(id) };
    return this.#known.uin;
  }

  #notice(from: string | undefined, content: string, happenedAt: number): Push | undefined {
    if (from === undefined) return undefined;
    const msgId = `${from}-${happenedAt}`;
    const fields = { msgType: noticeType, msgId, fromUser: from, content, description: content };
    return this.#push(from, fields, happenedAt);
  }

  #friendship({ id, type, contact, hello, happenedAt }: Fields): Push | undefined {
    if (!contact) return undefined;
    if (type === 'Confirm') return this.#notice(contact.id, friendNotice(contact), happenedAt);
    if (type === 'Verify') return this.#notice(contact.id, verifyNotice(contact), happenedAt);
    if (type !== 'Receive') return undefined;
    const content = friendRequest(contact, hello, this.#tickets.issue(id));
    const fields = { msgType: friendRequestType, msgId: id, fromUser: friendRecommendation, content };
    return this.#push(contact.id, { ...fields, description: `${contact.name} : ${hello}` }, happenedAt);
  }

  #message(event: Fields): Push {
    const { message, talker, listener, room } = event;
    const from = talker?.id ?? '';
    const conversation = room?.id ?? (message.self ? (listener?.id ?? '') : from);
    const content = wechatContent(message, this.#ask);
    const make = (said: string, data?: string): PushItem => {
      const isOthersInRoom = room !== null && !message.self;
      // Every field at once and not by a spread, which costs more than all the rest: this runs for every message.
      return {
        msgId: message.id,
        fromUser: isOthersInRoom ? room.id : from,
        toUser: message.self ? conversation : this.#selfId,
        // In a room WeChat puts the talker before what was said.
        content: isOthersInRoom ? `${from}:\n${said}` : said,
        msgSource: message.mentionIds.length > 0 ? wechatSource(message) : '',
        description: `${talker?.name ?? ''} : ${message.text}`,
        status: receivedStatus,
        continue: 1,
        timestamp: Math.floor(message.timestamp / 1000),
        uin: this.#uin,
        msgType: messageTypes[message.type],
        data,
      };
    };
    if (message.type !== 'Image' && message.type !== 'Audio') {
      return { conversation, item: typeof content === 'string' ? make(content) : content.then(make) };
    }
    const both = Promise.all([content, this.#attachment(message.id, message.type)]);
    return { conversation, item: both.then(([said, data]) => make(said, data)) };
  }

  /** The small picture or the voice in a message, in Base64; undefined where it does not come soon. */
  async #attachment(id: string, type: keyof typeof attached): Promise<string | undefined> {
    const maxBytes = attached[type];
    const asked =
      type === 'Image'
        ? this.#ask('messageImage', { id, type: 'Thumbnail', maxBytes })
        : this.#ask('messageFile', { id, maxBytes });
    try {
      const file = (await withTimeout(asked, patience, () => new Error('not in time'))) as { data: Buffer };
      return file.data.toString('base64');
    } catch {
      return undefined;
    }
  }
}

/** What has no conversation and is not pushed but told; undefined for everything else. */
export function announcementOf(event: BotEvent): PadchatEvent | undefined {
  const { reason, message } = event as unknown as { reason?: string; message?: unknown };
  switch (event.event) {
    case 'logout':
      return { kind: 'logout', msg: reason ?? '' };
    case 'stop':
      return { kind: 'closed', msg: '' };
    case 'error':
      return { kind: 'problem', msg: typeof message === 'string' ? message : '' };
    case 'post':
      return { kind: 'sns' };
    default:
      return undefined;
  }
}

/** PadChat's numbers of what happens to a QR code (the PadChat clients, event `scan`). */
export const scanStatuses: Readonly<Record<string, number>> = {
  Waiting: 0,
  Scanned: 1,
  Confirmed: 2,
  Timeout: 3,
  Cancel: 4,
};
