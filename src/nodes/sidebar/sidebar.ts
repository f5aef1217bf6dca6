/** The sidebar's half in the runtime: only a name under which Node-RED serves the half in the editor. */
import type { NodeAPI } from 'node-red';

/** What `@types/node-red` leaves out of the runtime's API. */
interface PluginsAPI {
  readonly plugins: { registerPlugin(id: string, definition: { type: string }): void };
}

export = function (RED: NodeAPI & PluginsAPI): void {
  RED.plugins.registerPlugin('wechat-sidebar', { type: 'wechat-sidebar' });
};
