/** The saved properties of the `wechat-message-reply` node. */
import { contentPropertyTypes } from '../shared/content-properties';
import { declareProperties, type SavedOf } from '../shared/declaration';
import { boolean, label, source, text, typedValue } from '../shared/property-types';
import type { TextSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-message-reply';

/** A new node replies with `msg.payload` to the message of the on-event node. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /** Whether to mention the sender of the message, in rooms. Text only. */
  mentionTalker: boolean(false),
  /** The id of the message to reply to, or its location. */
  messageId: typedValue('wechat.message.id'),
  messageIdType: source<TextSource>('msg'),
  ...contentPropertyTypes,
});

/** The saved properties of a message-reply node. */
export type MessageReplyProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;
