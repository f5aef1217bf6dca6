/** Tables of the runtime, read once for all forms and validators of a node. */

/** A table that is read on first use. */
export interface CachedTable<Entry> {
  /** All entries. @throws RequestError when they could not be read; the next call tries again. */
  read(): Promise<readonly Entry[]>;
  /** All entries for validators, which are synchronous: undefined until they are read; then `onLoad` is called, once. */
  peek(onLoad: () => void): readonly Entry[] | undefined;
}

/** Caches the result of `fetchAll`. */
export function cacheTable<Entry>(fetchAll: () => Promise<readonly Entry[]>): CachedTable<Entry> {
  let table: readonly Entry[] | undefined;
  let pending: Promise<readonly Entry[]> | undefined;
  let isRequested = false;

  const read = (): Promise<readonly Entry[]> => {
    pending ??= fetchAll().then(
      (entries) => {
        table = entries;
        return entries;
      },
      (error: unknown) => {
        pending = undefined;
        throw error;
      },
    );
    return pending;
  };
  return {
    read,
    peek(onLoad) {
      if (!isRequested && table === undefined) {
        isRequested = true;
        read().then(onLoad, () => undefined);
      }
      return table;
    },
  };
}
