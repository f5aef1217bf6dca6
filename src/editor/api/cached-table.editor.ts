/** Tables of the runtime, read once for all forms and validators of a node. */

/** A table that is read when it is first asked for. */
export interface Remembered<Entry> {
  /** All entries. @throws RequestError when they could not be read; the next call tries again. */
  read(): Promise<readonly Entry[]>;
  /** All entries for validators, which cannot wait: undefined until they are read; then `arrived` is called, once. */
  known(arrived: () => void): readonly Entry[] | undefined;
}

/** Remembers what `fetchAll` fetches. */
export function remember<Entry>(fetchAll: () => Promise<readonly Entry[]>): Remembered<Entry> {
  let table: readonly Entry[] | undefined;
  let reading: Promise<readonly Entry[]> | undefined;
  let isAwaited = false;

  const read = (): Promise<readonly Entry[]> => {
    reading ??= fetchAll().then(
      (entries) => {
        table = entries;
        return entries;
      },
      (error: unknown) => {
        reading = undefined;
        throw error;
      },
    );
    return reading;
  };
  return {
    read,
    known(arrived) {
      if (!isAwaited && table === undefined) {
        isAwaited = true;
        read().then(arrived, () => undefined);
      }
      return table;
    },
  };
}
