/** The saved properties of the `wechat-on-event` node. */
import type { EventName } from '../../events/table';
import type { MessageTypeName } from '../../bot/views';
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';

/** The registered type. */
export const type = 'wechat-on-event';

/** How `textMatch` is compared with a message's text; case-sensitive. */
export const textMatchTypes = ['contains', 'equals', 'startsWith', 'regex'] as const;
/** A way to compare a message's text. */
export type TextMatchType = (typeof textMatchTypes)[number];

/** The message types in the form, most frequent first. */
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

/** The saved properties of an on-event node. */
export interface OnEventProperties extends Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The events to listen to; an empty list: all. */
  events: EventName[];
  /** Ids, aliases or names separated by commas, or one `/regular expression/`; empty: any contact. */
  from: string;
  /** Ids or topics separated by commas, or one `/regular expression/`; empty: any conversation. */
  rooms: string;
  /** The types of messages to pass; an empty list: all. */
  messageTypes: MessageTypeName[];
  /** The text to compare a message's text with; empty: any text. */
  textMatch: string;
  textMatchType: TextMatchType;
  /** Only messages that mention the bot. */
  mentioned: boolean;
  /** Also messages sent by the bot's own account. */
  includeSelf: boolean;
  /** Downloads the file of a message into `msg.payload`. */
  download: boolean;
  /** Maximum size of a downloaded file, in MB. */
  maxFileMb: number | string;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: passes messages of other accounts. */
export const defaults: OnEventProperties = {
  version: currentVersion(migrations),
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
