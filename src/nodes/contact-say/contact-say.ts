/** The node `wechat-contact-say`: sends something to people. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { onInput, valueOf } from '../runtime/input';
import { contentOf, namesIn, report, type Sent } from '../runtime/send-node';
import { defaults, type ContactSayProperties, type } from './properties';

export = function (RED: NodeAPI): void {
  function ContactSay(this: Node, saved: NodeDef & ContactSayProperties): void {
    RED.nodes.createNode(this, saved);
    const properties: ContactSayProperties = { ...defaults, ...saved };
    onInput(RED, this, properties.bot, async ({ msg, bot, progress, send }) => {
      const { to, toType } = properties;
      const overridden = msg.to !== undefined;
      const whom = overridden ? msg.to : await valueOf(RED, this, msg, 'to', to, toType);
      const contacts = namesIn(whom, !overridden && toType === 'str');
      const content = await contentOf(RED, this, msg, properties);
      report(msg, (await bot.run('contactSay', { contacts, ...content }, progress)) as Sent);
      send(msg);
    });
  }
  RED.nodes.registerType(type, ContactSay);
};
