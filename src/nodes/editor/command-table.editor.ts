/** The commands, read once for all forms and validators. */
import { type CommandSummary, fetchCommands } from './admin.editor';

let table: readonly CommandSummary[] | undefined;
let reading: Promise<readonly CommandSummary[]> | undefined;

/** All commands. @throws RequestError when they could not be read; the next call tries again. */
export function readCommands(): Promise<readonly CommandSummary[]> {
  reading ??= fetchCommands().then(
    (commands) => {
      table = commands;
      return commands;
    },
    (error: unknown) => {
      reading = undefined;
      throw error;
    },
  );
  return reading;
}

/**
 * The commands, for validators, which cannot wait: undefined until they are read, and then `arrived` is called once.
 */
let told = false;
export function knownCommands(arrived: () => void): readonly CommandSummary[] | undefined {
  if (!told && table === undefined) {
    told = true;
    readCommands().then(arrived, () => undefined);
  }
  return table;
}
