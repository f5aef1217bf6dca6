/**
 * Tools that the tests in this folder need besides Node.js and npm: a broker and third-party programs. With `CI=true` a
 * missing tool is a failure; otherwise the tests that need it are skipped with a message.
 */
import type { Context } from 'mocha';

/** Skips a suite from its `before` hook. @param missing which tool is missing; `undefined` when none is. */
export function skipIfMissing(this: Context, missing: string | undefined): void {
  if (missing === undefined) return;
  if (process.env.CI === 'true') throw new Error(missing);
  console.log(`      ${missing}`);
  this.skip();
}

/** A started tool. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Stops all started tools in reverse order. */
export async function stopAll(started: readonly Stoppable[]): Promise<void> {
  for (const tool of [...started].reverse()) await tool.stop();
}
