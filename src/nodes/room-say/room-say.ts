/** The node `wechat-room-say`: sends a message to rooms, optionally mentioning members. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { registerInput, evaluateProperty } from '../runtime/input';
import { evaluateContent, parseNames, applySendResult } from '../runtime/send-node';
import { declaration, type } from './properties';

export = function (RED: NodeAPI): void {
  function RoomSay(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    registerInput(RED, this, saved, declaration, async ({ msg, properties, bot, send }) => {
      const namesOf = async (field: 'rooms' | 'mentions'): Promise<string | string[]> => {
        const source = properties[`${field}Type`];
        const isOverridden = msg[field] !== undefined;
        const value = isOverridden
          ? msg[field]
          : await evaluateProperty(RED, this, msg, field, properties[field], source);
        return parseNames(value);
      };
      const rooms = await namesOf('rooms');
      const mentions = await namesOf('mentions');
      const content = await evaluateContent(RED, this, msg, properties);
      applySendResult(msg, await bot.run('roomSay', { rooms, mentions, ...content }));
      send(msg);
    });
  }
  RED.nodes.registerType(type, RoomSay);
};
