/** The saved properties of the `wechat-on-event` node. */
import type { EventName } from '../../bot/events';
import type { MessageTypeName } from '../../bot/views';

/** The registered type. */
export const type = 'wechat-on-event';

/** How `textMatch` is compared with a message's text; upper and lower case differ. */
export const textMatchTypes = ['contains', 'equals', 'startsWith', 'regex'] as const;
/** One of the ways to compare a message's text. */
export type TextMatchType = (typeof textMatchTypes)[number];

/** The message types the form offers, the frequent ones first. */
export const messageTypes = [
  'Text',
  'Image',
  'Attachment',
  'Audio',
  'Video',
  'Emoticon',
  'Url',
  'MiniProgram',
  'Location',
  'Contact',
  'ChatHistory',
  'GroupNote',
  'Transfer',
  'RedEnvelope',
  'Recalled',
  'Post',
  'Unknown',
] as const satisfies readonly MessageTypeName[];

/** What a flow keeps of an on-event node. */
export interface OnEventProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The events to listen to; none chosen means all. */
  events: EventName[];
  /** Ids, aliases or names separated by commas, or one `/regular expression/`; empty means anyone. */
  from: string;
  /** Ids or topics separated by commas, or one `/regular expression/`; empty means anywhere. */
  rooms: string;
  /** The kinds of messages to let through; none chosen means all. */
  messageTypes: MessageTypeName[];
  /** What a message's text is compared with; empty means any text. */
  textMatch: string;
  textMatchType: TextMatchType;
  /** Only messages that mention the bot. */
  mentioned: boolean;
  /** Also messages the bot's own account sent. */
  includeSelf: boolean;
  /** Puts the file of an image, attachment, audio or video message into `msg.payload`. */
  download: boolean;
  /** Larger files are not downloaded, in MB. */
  maxFileMb: number | string;
}

/** A new node passes on the messages of others. */
export const defaults: OnEventProperties = {
  name: '',
  bot: '',
  events: ['message'],
  from: '',
  rooms: '',
  messageTypes: [],
  textMatch: '',
  textMatchType: 'contains',
  mentioned: false,
  includeSelf: false,
  download: false,
  maxFileMb: 20,
};
