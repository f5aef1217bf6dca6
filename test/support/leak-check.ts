/**
 * A root hook of all tests: what a test file leaves behind (a server, a socket, a timer, a child process) fails that
 * file, in whichever worker it ran. Loaded by the `mocha` section of package.json.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
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

async function checkLeaks(this: Context): Promise<void> {
  this.timeout(graceMs + 5_000);
  const end = performance.now() + graceMs;
  await setImmediate();
  while (leftovers().length > 0) {
    if (performance.now() > end) throw new Error(`Still active after the tests: ${leftovers().join(', ')}`);
    await setTimeout(pollMs);
  }
}

export const mochaHooks: RootHookObject = {
  async beforeAll(this: Context) {
    // The streams are opened at their first use; mocha's own timer runs only behind an `await`, as in `checkLeaks`.
    process.stdout.write('');
    process.stderr.write('');
    await setImmediate();
    before = activeResources();
    // Registered only now, to run behind the hooks with which files of test/support stop what they share.
    this.test?.parent?.afterAll('leaves nothing behind', checkLeaks);
  },
};
