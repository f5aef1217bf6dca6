/** The node `wechat-room-say`: sends something to rooms, and mentions members. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { onInput, valueOf } from '../runtime/input';
import { contentOf, namesIn, report, type Sent } from '../runtime/send-node';
import { defaults, type RoomSayProperties, type } from './properties';

export = function (RED: NodeAPI): void {
  function RoomSay(this: Node, saved: NodeDef & RoomSayProperties): void {
    RED.nodes.createNode(this, saved);
    const properties: RoomSayProperties = { ...defaults, ...saved };
    onInput(RED, this, properties.bot, async ({ msg, bot, progress, send }) => {
      const named = async (field: 'rooms' | 'mentions'): Promise<string[]> => {
        const source = properties[`${field}Type`];
        const overridden = msg[field] !== undefined;
        const value = overridden
          ? msg[field]
          : await valueOf(RED, this, msg, field, properties[field], source);
        return namesIn(value, !overridden && source === 'str');
      };
      const rooms = await named('rooms');
      const mentions = await named('mentions');
      const content = await contentOf(RED, this, msg, properties);
      report(msg, (await bot.run('roomSay', { rooms, mentions, ...content }, progress)) as Sent);
      send(msg);
    });
  }
  RED.nodes.registerType(type, RoomSay);
};
