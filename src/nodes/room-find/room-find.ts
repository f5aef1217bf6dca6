/** The node `wechat-room-find`: finds rooms by id, topic or pattern. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ResultOf } from '../../commands/table';
import { registerInput, evaluateProperty } from '../runtime/input';
import { parseNames } from '../runtime/send-node';
import { declaration, type } from './properties';

export = function (RED: NodeAPI): void {
  function RoomFind(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    registerInput(RED, this, saved, declaration, async ({ msg, properties, bot, send }) => {
      const { query, queryType, result, members } = properties;
      const value = await evaluateProperty(RED, this, msg, 'query', query, queryType);
      const names = [parseNames(value)]
        .flat()
        .map((name) => name.trim())
        .filter(Boolean);
      // Only an empty value finds all rooms; other values without exactly one name are rejected by the command.
      const empty = typeof value === 'string' ? '' : (value ?? '');
      const params = { query: names.length === 1 ? names[0] : empty, members };
      const rooms = (await bot.runUntrusted('roomFindAll', params)) as ResultOf<'roomFindAll'>;
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
