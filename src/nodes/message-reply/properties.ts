/** The saved properties of the `wechat-message-reply` node. */
import { contentDefaults, type ContentProperties, type TextSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-message-reply';

/** What a flow keeps of a message-reply node. */
export interface MessageReplyProperties extends ContentProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** In a room, whether the one who is answered is mentioned. Text only. */
  mentionTalker: boolean;
  /** Which message is answered: its id, or where that is found. */
  messageId: string;
  messageIdType: TextSource;
}

/** A new node answers the message that came from the on-event node with `msg.payload`. */
export const defaults: MessageReplyProperties = {
  name: '',
  bot: '',
  mentionTalker: false,
  messageId: 'wechat.message.id',
  messageIdType: 'msg',
  ...contentDefaults,
};
