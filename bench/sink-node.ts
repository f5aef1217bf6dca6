/** A Node-RED node at the end of a measured flow that reports each message to the measurement. */
import type { Node, NodeAPI, NodeAPISettingsWithData, NodeDef } from 'node-red';
import type { SinkSettings } from './embedded-node-red';

export = function (RED: NodeAPI<NodeAPISettingsWithData & SinkSettings>): void {
  function Sink(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    const { benchArrived } = RED.settings;
    this.on('input', (msg, _send, done) => {
      benchArrived(this.id, msg);
      done();
    });
  }
  RED.nodes.registerType('bench-sink', Sink);
};
