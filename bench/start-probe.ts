/** A Node-RED plug-in that reports start time, memory and loaded modules after the flows have started. */
import type { NodeAPI } from 'node-red';
import type { Start } from './measurements/start';

export = function (RED: NodeAPI): void {
  RED.events.once('flows:started', () => {
    const ms = performance.now();
    // Memory includes work that the start schedules.
    setTimeout(() => {
      global.gc?.();
      const { heapUsed, external, rss } = process.memoryUsage();
      const start: Start = {
        ms,
        heap: heapUsed + external,
        resident: rss,
        loaded: Object.keys(require.cache),
      };
      process.send?.(start);
    }, 500);
  });
};
