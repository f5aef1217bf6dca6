/** A change of one key of a store. */
export type StoreOperation =
  | {
      readonly type: 'put';
      readonly key: string;
      readonly value: string;
      /** Whether the key has never been used: when it is deleted before the next write, the database is not touched. */
      readonly isFreshKey?: true;
    }
  | { readonly type: 'del'; readonly key: string };
