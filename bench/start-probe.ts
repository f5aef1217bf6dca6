/** Runs inside the measured Node-RED: says when its flows have started, what it then weighs and what it has loaded. */
import type { NodeAPI } from 'node-red';
import type { Start } from './measurements/start';

export = function (RED: NodeAPI): void {
  RED.events.once('flows:started', () => {
    const ms = performance.now();
    // What the start has left to do at once is part of it, in memory.
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
