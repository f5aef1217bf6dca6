/** The saved properties of the `wechat-message-reply` node. */
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import { contentDefaults, type ContentProperties, type TextSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-message-reply';

/** The saved properties of a message-reply node. */
export interface MessageReplyProperties extends ContentProperties, Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** Whether to mention the sender of the message, in rooms. Text only. */
  mentionTalker: boolean;
  /** The id of the message to reply to, or its location. */
  messageId: string;
  messageIdType: TextSource;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: replies with `msg.payload` to the message of the on-event node. */
export const defaults: MessageReplyProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  mentionTalker: false,
  messageId: 'wechat.message.id',
  messageIdType: 'msg',
  ...contentDefaults,
};
