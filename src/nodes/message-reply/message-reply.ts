/** The node `wechat-message-reply`: answers in the conversation a message came from. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { WechatError } from '../../bot/errors';
import { onInput, valueOf } from '../runtime/input';
import { contentOf, report } from '../runtime/send-node';
import { defaults, type MessageReplyProperties, type } from './properties';

export = function (RED: NodeAPI): void {
  function MessageReply(this: Node, saved: NodeDef & MessageReplyProperties): void {
    RED.nodes.createNode(this, saved);
    const properties: MessageReplyProperties = { ...defaults, ...saved };
    onInput(RED, this, properties.bot, async ({ msg, bot, progress, send }) => {
      const { messageId, messageIdType, mentionTalker } = properties;
      const id = await valueOf(RED, this, msg, 'messageId', messageId, messageIdType);
      if (typeof id !== 'string' || !id) throw new WechatError('INVALID_PARAMS', 'nothingToReply');
      const content = await contentOf(RED, this, msg, properties);
      const sent = (await bot.run('messageSay', { id, mentionTalker, ...content }, progress)) as {
        id: string;
      };
      report(msg, { success: [{ id, ...(sent.id ? { messageId: sent.id } : {}) }], fail: [] });
      send(msg);
    });
  }
  RED.nodes.registerType(type, MessageReply);
};
