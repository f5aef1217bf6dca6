/** The node `wechat-command`: runs any command of the command table. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { registerInput, evaluateProperty } from '../runtime/input';
import { declaration, type } from './properties';

export = function (RED: NodeAPI): void {
  function WechatCommand(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    registerInput(RED, this, saved, declaration, async ({ msg, properties, bot, send }) => {
      const { command, params, paramsType } = properties;
      const paramValues = await evaluateProperty(RED, this, msg, 'params', params, paramsType);
      msg.payload = await bot.runUntrusted(command, paramValues);
      send(msg);
    });
  }
  RED.nodes.registerType(type, WechatCommand);
};
