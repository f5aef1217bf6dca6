import type { Node, NodeAPI } from 'node-red';
import { toLocalizedError } from './input';

/**
 * Registers an asynchronous close handler. `done` is called in any case, because Node-RED waits 15 s for it otherwise;
 * an error is logged by the node.
 * @param handler its parameter is whether the node was deleted, not only redeployed.
 */
export function registerClose(RED: NodeAPI, node: Node, handler: (removed: boolean) => Promise<void>): void {
  node.on('close', (removed: boolean, done: () => void) => {
    handler(removed)
      .catch((error: unknown) => {
        node.error(toLocalizedError(RED, error).message);
      })
      .finally(done);
  });
}
