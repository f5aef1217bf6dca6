/** Runtime half of the sidebar plugin: it only registers the plugin, so that Node-RED serves the editor half. */
import type { NodeAPI } from 'node-red';

/** A part of the runtime's API that `@types/node-red` lacks. */
interface PluginsAPI {
  readonly plugins: { registerPlugin(id: string, definition: { type: string }): void };
}

export = function (RED: NodeAPI & PluginsAPI): void {
  RED.plugins.registerPlugin('wechat-sidebar', { type: 'wechat-sidebar' });
};
