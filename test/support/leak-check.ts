/**
 * A root hook of all tests: what a test file leaves behind (a server, a socket, a timer, a child process) fails that
 * file, in whichever worker it ran. Loaded by the `mocha` section of package.json.
 */
import { setTimeout } from 'node:timers/promises';
import type { Context, RootHookObject } from 'mocha';

/** How long what a file has stopped may take to end, in ms. */
const graceMs = 30_000;

const pollMs = 20;

/** How many of each kind keep the process alive: `TCPServerWrap`, `Timeout`, … */
function activeResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

let before = new Map<string, number>();

function leftovers(): string[] {
  return [...activeResources()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} × ${kind}`] : [];
  });
}

export const mochaHooks: RootHookObject = {
  beforeAll() {
    before = activeResources();
  },
  async afterAll(this: Context) {
    this.timeout(graceMs + 5_000);
    const end = performance.now() + graceMs;
    while (leftovers().length > 0) {
      if (performance.now() > end)
        throw new Error(`The tests are over, but this goes on: ${leftovers().join(', ')}`);
      await setTimeout(pollMs);
    }
  },
};
