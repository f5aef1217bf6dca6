/** The changes of a store that are not in its database yet: the last one of each key. */
import type { StoreOperation } from './store-operation';

/**
 * What becomes of changes that cannot be written. `discard`: the commit is rejected and they are never written. `retry`:
 * it is rejected but they are written as soon as possible. `wait`: it is pending until they are written.
 */
export type FailurePolicy = 'discard' | 'retry' | 'wait';

/** A change that is not in the database yet. */
export interface PendingChange {
  /** `undefined` deletes the key. */
  readonly value: string | undefined;
  readonly onFailure: FailurePolicy;
  /** Whether the database does not contain the key. */
  readonly isNew: boolean;
}

/** Collects changes for the next batch write. */
export class PendingChanges {
  #changes = new Map<string, PendingChange>();
  /** Keys with the policy `discard`. */
  readonly #discardable = new Set<string>();
  /** Deleted keys whose deletion depends on no other change. */
  readonly #freeing = new Set<string>();

  get size(): number {
    return this.#changes.size;
  }

  /** Whether there are deletions that may be written without the other changes. */
  get freesSpace(): boolean {
    return this.#freeing.size > 0;
  }

  get(key: string): PendingChange | undefined {
    return this.#changes.get(key);
  }

  /** Adds changes that belong together. */
  stage(operations: readonly StoreOperation[], onFailure: FailurePolicy): void {
    for (const operation of operations) {
      const { key } = operation;
      if (operation.type === 'del') {
        this.#stageDelete(key, onFailure);
        continue;
      }
      const isNew = this.#changes.get(key)?.isNew ?? operation.isFreshKey ?? false;
      this.#set(key, { value: operation.value, onFailure, isNew });
    }
  }

  /** Adds a deletion that depends on no other change. @returns whether the database may contain the key. */
  delete(key: string): boolean {
    const isStored = this.#stageDelete(key, 'retry');
    if (isStored) this.#freeing.add(key);
    return isStored;
  }

  /** Removes and returns all changes. */
  takeAll(): ReadonlyMap<string, PendingChange> {
    const changes = this.#changes;
    this.#changes = new Map();
    this.#discardable.clear();
    this.#freeing.clear();
    return changes;
  }

  /** Removes and returns the deletions that depend on no other change. */
  takeFreeing(): ReadonlyMap<string, PendingChange> {
    const changes = new Map<string, PendingChange>();
    for (const key of this.#freeing) {
      changes.set(key, { value: undefined, onFailure: 'retry', isNew: false });
      this.#changes.delete(key);
    }
    this.#freeing.clear();
    return changes;
  }

  /** Takes back changes that could not be written, unless their keys have changed again. */
  restore(changes: ReadonlyMap<string, PendingChange>, areFreeing = false): void {
    for (const [key, change] of changes) {
      if (change.onFailure === 'discard' || this.#changes.has(key)) continue;
      this.#changes.set(key, change);
      if (areFreeing) this.#freeing.add(key);
    }
  }

  /** Forgets changes with the policy `discard`. */
  discard(): void {
    for (const key of this.#discardable) this.#changes.delete(key);
    this.#discardable.clear();
  }

  #stageDelete(key: string, onFailure: FailurePolicy): boolean {
    if (this.#changes.get(key)?.isNew) {
      this.#changes.delete(key);
      this.#discardable.delete(key);
      return false;
    }
    this.#set(key, { value: undefined, onFailure, isNew: false });
    return true;
  }

  #set(key: string, change: PendingChange): void {
    this.#changes.set(key, change);
    this.#freeing.delete(key);
    if (change.onFailure === 'discard') this.#discardable.add(key);
    else this.#discardable.delete(key);
  }
}
