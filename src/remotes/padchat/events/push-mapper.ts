/** Maps bot events to PadChat events and pushed items. */
import type { Bot } from '../../../bot/bot';
import { withTimeout } from '../../../util/timeout';
import type { MessageTypeName } from '../../../bot/views';
import type { EventOf, TypedEvent } from '../../../events/table';
import type { CommandDispatcher } from '../../dispatch/command-dispatcher';
import type { OpaqueTokens } from '../../wechat/opaque-tokens';
import { recallNotice, wechatContent, wechatSource, wechatTypes } from '../../wechat/wechat-xml';
import { uinOf } from '../derived-ids';
import type { PadchatEvent, PushItem } from './events';
import {
  friendNotice,
  friendRequestXml,
  roomInviteXml,
  roomNotice,
  verifyNotice,
} from '../../wechat/wechat-system-messages';

/** PadChat's `msgType` of each kind of message (the PadChat document, MsgType). */
export const messageTypes: Readonly<Record<MessageTypeName, number>> = {
  ...wechatTypes,
  GroupNote: 49,
  Transfer: 2000,
  RedEnvelope: 2001,
  Unknown: 9999,
};

/** `msgType`s of system messages. */
const friendRequestType = 37;
const roomInviteType = 3000;
const noticeType = 10_000;

/** WeChat's status of a received message. */
const receivedStatus = 3;

/** WeChat's sender of friend requests. */
const friendRecommendation = 'fmessage';

/** Larger images and voices are not pushed with their message; clients request them. */
const maxAttachmentBytes = { Image: 64 * 1024, Audio: 256 * 1024 };

/** How long a push waits for its attachment. */
const attachmentTimeoutMs = 3_000;

/** An item to push, and the id of its conversation. */
export interface Push {
  readonly conversation: string;
  readonly item: PushItem | Promise<PushItem>;
}

/** Maps bot events to pushed items. */
export class PushMapper {
  readonly #bot: Pick<Bot, 'state'>;
  readonly #tokens: OpaqueTokens;
  readonly #dispatcher: Pick<CommandDispatcher, 'run' | 'query'>;
  /** Of the last account: deriving it costs more than the rest of a push. */
  #cachedUin = { id: '', uin: 0 };

  /** @param dispatcher queries the content of messages, and runs the commands that load files. */
  constructor(
    bot: Pick<Bot, 'state'>,
    tokens: OpaqueTokens,
    dispatcher: Pick<CommandDispatcher, 'run' | 'query'>,
  ) {
    this.#bot = bot;
    this.#tokens = tokens;
    this.#dispatcher = dispatcher;
  }

  /** The push for an event, if any. */
  map(event: TypedEvent): Push | undefined {
    switch (event.event) {
      case 'message':
        return this.#message(event);
      case 'friendship':
        return this.#friendship(event);
      case 'room-join':
      case 'room-leave':
      case 'room-topic':
        return this.#notice(event.room.id, roomNotice(event, this.#selfId), event.happenedAt);
      case 'room-invite': {
        const { id, topic, inviter, happenedAt } = event;
        const from = inviter?.id ?? '';
        const content = roomInviteXml(id, topic, inviter);
        return this.#push(from, { msgType: roomInviteType, msgId: id, fromUser: from, content }, happenedAt);
      }
      default:
        return undefined;
    }
  }

  get #selfId(): string {
    return this.#bot.state.user?.id ?? '';
  }

  #push(conversation: string, fields: PushItem, timestamp: number): Push {
    return { conversation, item: { ...this.#baseFields(timestamp), ...fields } };
  }

  /** Fields of every item; `timestamp` is in seconds. */
  #baseFields(timestamp: number): object {
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
    if (id !== this.#cachedUin.id) this.#cachedUin = { id, uin: uinOf(id) };
    return this.#cachedUin.uin;
  }

  #notice(from: string, content: string, happenedAt: number): Push {
    const msgId = `${from}-${happenedAt}`;
    const fields = { msgType: noticeType, msgId, fromUser: from, content, description: content };
    return this.#push(from, fields, happenedAt);
  }

  #friendship({ id, type, contact, hello, happenedAt }: EventOf<'friendship'>): Push | undefined {
    if (!contact) return undefined;
    if (type === 'Confirm') return this.#notice(contact.id, friendNotice(contact), happenedAt);
    if (type === 'Verify') return this.#notice(contact.id, verifyNotice(contact), happenedAt);
    if (type !== 'Receive') return undefined;
    const content = friendRequestXml(contact, hello, this.#tokens.issue(id));
    const fields = { msgType: friendRequestType, msgId: id, fromUser: friendRecommendation, content };
    return this.#push(contact.id, { ...fields, description: `${contact.name} : ${hello}` }, happenedAt);
  }

  #message({ message, talker, listener, room }: EventOf<'message'>): Push {
    const from = talker?.id ?? '';
    const conversation = room?.id ?? (message.self ? (listener?.id ?? '') : from);
    const content = wechatContent(message, this.#dispatcher.query, talker);
    const isRecall = message.type === 'Recalled';
    const toItem = (text: string, data?: string): PushItem => {
      const isOthersInRoom = room !== null && !message.self;
      // A spread would cost more than all the rest, and this runs for every message.
      return {
        msgId: message.id,
        fromUser: isOthersInRoom ? room.id : from,
        toUser: message.self ? conversation : this.#selfId,
        // In a room WeChat puts the talker's id before the text.
        content: isOthersInRoom ? `${from}:\n${text}` : text,
        msgSource: message.mentionIds.length > 0 ? wechatSource(message) : '',
        description: isRecall ? recallNotice(message, talker) : `${talker?.name ?? ''} : ${message.text}`,
        status: receivedStatus,
        continue: 1,
        timestamp: Math.floor(message.timestamp / 1000),
        uin: this.#uin,
        msgType: messageTypes[message.type],
        data,
      };
    };
    if (message.type !== 'Image' && message.type !== 'Audio') {
      return { conversation, item: typeof content === 'string' ? toItem(content) : content.then(toItem) };
    }
    const loaded = Promise.all([content, this.#attachment(message.id, message.type)]);
    return { conversation, item: loaded.then(([text, data]) => toItem(text, data)) };
  }

  /** The thumbnail or the voice of a message, in Base64; undefined if it is denied or not loaded in time. */
  async #attachment(id: string, type: keyof typeof maxAttachmentBytes): Promise<string | undefined> {
    const maxBytes = maxAttachmentBytes[type];
    const loading =
      type === 'Image'
        ? this.#dispatcher.run('messageImage', { id, type: 'Thumbnail', maxBytes })
        : this.#dispatcher.run('messageFile', { id, maxBytes });
    try {
      const { data } = await withTimeout(loading, attachmentTimeoutMs, () => new Error('not in time'));
      return data.toString('base64');
    } catch {
      return undefined;
    }
  }
}

/** The PadChat event for a bot event without a conversation; undefined for any other event. */
export function systemEventOf(event: TypedEvent): PadchatEvent | undefined {
  switch (event.event) {
    case 'logout':
      return { kind: 'logout', msg: event.reason };
    case 'stop':
      return { kind: 'closed', msg: '' };
    case 'error':
      return { kind: 'problem', msg: event.message };
    case 'post':
      return { kind: 'sns' };
    default:
      return undefined;
  }
}

/** PadChat's QR code statuses (the PadChat clients, event `scan`). */
export const scanStatuses = {
  Waiting: 0,
  Scanned: 1,
  Confirmed: 2,
  Timeout: 3,
  Cancel: 4,
} as const;
