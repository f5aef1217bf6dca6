/** The node `wechat-contact-say`: sends a message to contacts. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { registerInput, evaluateProperty } from '../runtime/input';
import { evaluateContent, parseNames, applySendResult } from '../runtime/send-node';
import { declaration, type } from './properties';

export = function (RED: NodeAPI): void {
  function ContactSay(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    registerInput(RED, this, saved, declaration, async ({ msg, properties, bot, send }) => {
      const { to, toType } = properties;
      const isOverridden = msg.to !== undefined;
      const recipients = isOverridden ? msg.to : await evaluateProperty(RED, this, msg, 'to', to, toType);
      const contacts = parseNames(recipients);
      const content = await evaluateContent(RED, this, msg, properties);
      applySendResult(msg, await bot.run('contactSay', { contacts, ...content }));
      send(msg);
    });
  }
  RED.nodes.registerType(type, ContactSay);
};
