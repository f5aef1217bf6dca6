/** The saved properties of the `wechat-on-event` node. */
import type { EventName } from '../../events/table';
import type { MessageTypeName } from '../../bot/views';
import { declareProperties, type SavedOf, type ValuesOf } from '../shared/declaration';
import { boolean, choice, label, list, names, number, text } from '../shared/property-types';

/** The registered type. */
export const type = 'wechat-on-event';

/** How `textMatch` is compared with a message's text; case-sensitive. */
export const textMatchTypes = ['contains', 'equals', 'startsWith', 'regex'] as const;
/** A way to compare a message's text. */
export type TextMatchType = (typeof textMatchTypes)[number];

/** Where messages are passed from. */
export const chats = ['any', 'direct', 'room'] as const;

/** Whose messages are passed: `person` is any account but an official one. */
export const contactTypes = ['any', 'person', 'official'] as const;

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

/** A new node passes messages of other accounts. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /** The events to listen to; an empty list: all. */
  events: list<EventName>(['message']),
  /** A list of ids, aliases or names; or a text with commas between them, or one `/regular expression/`; empty: any contact. */
  from: names(),
  /** A list of ids or topics; or a text with commas between them, or one `/regular expression/`; empty: any conversation. */
  rooms: names(),
  /** Direct chats, rooms or both. */
  chat: choice('any', chats),
  /** The type of the contact that sent the message or caused the event. */
  contactType: choice('any', contactTypes),
  /** The types of messages to pass; an empty list: all. */
  messageTypes: list<MessageTypeName>(),
  /** The text to compare a message's text with; empty: any text. */
  textMatch: text(),
  textMatchType: choice('contains', textMatchTypes),
  /** Only messages that mention the bot. */
  mentioned: boolean(false),
  /** Also messages sent by the bot's own account. */
  includeSelf: boolean(false),
  /** Maximum age of a message when the bot receives it, in seconds; 0: any. After a login come those of the meantime. */
  maxAge: number(0),
  /** Downloads the file of a message into `msg.payload`. */
  download: boolean(false),
  /** Maximum size of a downloaded file, in MB. */
  maxFileMb: number(20),
});

/** The saved properties of an on-event node. */
export type OnEventProperties = SavedOf<typeof declaration>;

/** The properties of an on-event node at run time. */
export type OnEventValues = ValuesOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;
