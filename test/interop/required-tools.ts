/**
 * What the tests in this folder need besides Node.js and npm: a broker and programs by others. Where CI is `true` a
 * missing one is a failure; elsewhere the tests that need it are skipped, with the reason in their place.
 */
import type { Context } from 'mocha';

/** To be called in a `before`: ends it if something is missing. @param missing says what, or nothing if all is there. */
export function needs(this: Context, missing: string | undefined): void {
  if (missing === undefined) return;
  if (process.env.CI === 'true') throw new Error(missing);
  console.log(`      ${missing}`);
  this.skip();
}

/** Something that was started. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Stops what was started, the last first. */
export async function stopAll(started: readonly Stoppable[]): Promise<void> {
  for (const one of [...started].reverse()) await one.stop();
}
