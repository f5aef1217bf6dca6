/** The node `wechat-message-reply`: replies in the conversation of a message. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { WechatError } from '../../bot/errors';
import { registerInput, evaluateProperty } from '../runtime/input';
import { evaluateContent, applySendResult } from '../runtime/send-node';
import { declaration, type } from './properties';

export = function (RED: NodeAPI): void {
  function MessageReply(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    registerInput(RED, this, saved, declaration, async ({ msg, properties, bot, send }) => {
      const { messageId, messageIdType, mentionTalker } = properties;
      const id = await evaluateProperty(RED, this, msg, 'messageId', messageId, messageIdType);
      if (typeof id !== 'string' || !id) throw new WechatError('INVALID_PARAMS', 'nothingToReply');
      const content = await evaluateContent(RED, this, msg, properties);
      const { id: sentId, ...delivery } = await bot.run('messageSay', { id, mentionTalker, ...content });
      applySendResult(msg, {
        success: [{ id, ...(sentId ? { messageId: sentId } : {}), ...delivery }],
        fail: [],
      });
      send(msg);
    });
  }
  RED.nodes.registerType(type, MessageReply);
};
