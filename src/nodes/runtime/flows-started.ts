import type { NodeAPI } from 'node-red';

/** The callbacks that wait for the present deploy. */
const waiting = new Set<() => void>();

let isListening = false;

/**
 * Calls back once all nodes of the present deploy have been created and can receive a msg. All nodes share one listener
 * of Node-RED's events, which would warn of a leak from the eleventh on.
 * @returns a function that cancels it.
 */
export function onceFlowsStarted(RED: NodeAPI, callback: () => void): () => void {
  if (!isListening) {
    isListening = true;
    RED.events.on('flows:started', () => {
      const callbacks = [...waiting];
      waiting.clear();
      for (const started of callbacks) started();
    });
  }
  waiting.add(callback);
  return () => waiting.delete(callback);
}
