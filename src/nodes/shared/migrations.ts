/**
 * Versions of saved properties. Flows keep the properties of the version that saved them: the runtime completes them
 * whenever it creates a node, the editor when it opens the form. Read by both: must not depend on the browser or
 * Node.js.
 *
 * To rename or reinterpret a property, append a migration to the list that the node's `properties.ts` gives to
 * `declareProperties`. A new property needs none: its default is filled in.
 */

/** The saved properties of a node, of any version. */
export type SavedProperties = Readonly<Record<string, unknown>>;

/** Converts saved properties to the next version. */
export type Migration = (saved: SavedProperties) => SavedProperties;

/** The migrations of a node type: the first one converts version 1 to version 2. */
export type Migrations = readonly Migration[];

/** The property that every node saves besides its own. */
export interface Versioned {
  /** The version of the saved properties; flows saved without it have version 1. */
  version: number;
}

/** The version that the last migration results in. */
export function currentVersion(migrations: Migrations): number {
  return migrations.length + 1;
}

/** Converts saved properties to the current version; those of a newer version are not changed. */
export function migrate(saved: SavedProperties, migrations: Migrations): SavedProperties {
  const version = typeof saved.version === 'number' ? saved.version : 1;
  const pending = migrations.slice(version - 1);
  const migrated = pending.reduce((properties, migration) => migration(properties), saved);
  return { ...migrated, version: Math.max(version, currentVersion(migrations)) };
}

/** Migrates the saved properties of a node and fills in the defaults of those that are missing. */
export function completeProperties<Properties extends Versioned, Saved extends object>(
  saved: Saved,
  defaults: Properties,
  migrations: Migrations,
): Saved & Properties {
  const present = Object.entries(saved).filter(([, value]) => value !== undefined);
  return { ...defaults, ...migrate(Object.fromEntries(present), migrations) } as Saved & Properties;
}
