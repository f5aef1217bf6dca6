/** The node `wechat-command`: anything a bot can be told. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { onInput, valueOf } from '../runtime/input';
import { type CommandProperties, defaults, type } from './properties';

export = function (RED: NodeAPI): void {
  function WechatCommand(this: Node, saved: NodeDef & CommandProperties): void {
    RED.nodes.createNode(this, saved);
    const properties: CommandProperties = { ...defaults, ...saved };
    onInput(RED, this, properties.bot, async ({ msg, bot, progress, send }) => {
      const { command, params, paramsType } = properties;
      const given = await valueOf(RED, this, msg, 'params', params, paramsType);
      msg.payload = await bot.run(command, given, progress);
      send(msg);
    });
  }
  RED.nodes.registerType(type, WechatCommand);
};
