/**
 * Root hooks for the Node-REDs that tests start. Loaded by the `mocha` section of package.json: hooks that a shared
 * module registers itself would run only for the first file of a worker.
 */
import type { RootHookObject } from 'mocha';

/** A running Node-RED. */
interface RunningNodeRed {
  assertHealthy(): void;
  stop(): Promise<void>;
}

/** All Node-REDs that this process has started. */
export const running = new Set<RunningNodeRed>();

export const mochaHooks: RootHookObject = {
  afterEach() {
    for (const nodeRed of running) nodeRed.assertHealthy();
  },
  async afterAll() {
    await Promise.all([...running].map((nodeRed) => nodeRed.stop()));
  },
};
