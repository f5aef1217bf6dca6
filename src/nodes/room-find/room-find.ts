/** The node `wechat-room-find`: looks rooms up. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { onInput, valueOf } from '../runtime/input';
import { namesIn } from '../runtime/send-node';
import { defaults, type RoomFindProperties, type } from './properties';

export = function (RED: NodeAPI): void {
  function RoomFind(this: Node, saved: NodeDef & RoomFindProperties): void {
    RED.nodes.createNode(this, saved);
    const properties: RoomFindProperties = { ...defaults, ...saved };
    onInput(RED, this, properties.bot, async ({ msg, bot, send }) => {
      const { query, queryType, result, members } = properties;
      const wanted = await valueOf(RED, this, msg, 'query', query, queryType);
      const named = namesIn(wanted, false);
      // Only what is empty finds all rooms; what names none or several must not, and is left to the command to refuse.
      const empty = typeof wanted === 'string' ? '' : (wanted ?? '');
      const params = { query: named.length === 1 ? named[0] : empty, members };
      const rooms = (await bot.run('roomFindAll', params)) as object[];
      if (result === 'each') {
        const parts = { id: RED.util.generateId(), count: rooms.length };
        send([rooms.map((room, index) => ({ ...msg, payload: room, parts: { ...parts, index } }))]);
        return;
      }
      msg.payload = result === 'first' ? (rooms[0] ?? null) : rooms;
      send(msg);
    });
  }
  RED.nodes.registerType(type, RoomFind);
};
