/**
 * Declares the saved properties of a node: name, type and default of each, once for runtime, form and documents. Must
 * not depend on the browser or Node.js.
 */
import { currentVersion, type Migrations, type Versioned } from './migrations';
import type { PropertyType } from './property-types';

/** The declared properties of a node. */
export interface Declaration<Saved extends object, Values extends object> {
  readonly types: { readonly [Name in keyof Values]: PropertyType<unknown, Values[Name]> };
  readonly migrations: Migrations;
  /** The saved properties of a new node. */
  readonly defaults: Saved & Versioned;
}

/** The saved properties of a declared node. */
export type SavedOf<Declared extends { readonly defaults: object }> = Declared['defaults'];

/** The values of declared properties at run time. */
export type ValuesOf<Declared> = Declared extends Declaration<object, infer Values> ? Values : never;

type PropertyTypes = Readonly<Record<string, PropertyType<unknown, unknown>>>;

type SavedBy<Types extends PropertyTypes> = { -readonly [Name in keyof Types]: Types[Name]['initial'] };

type ValuesBy<Types extends PropertyTypes> = {
  readonly [Name in keyof Types]: Types[Name] extends PropertyType<unknown, infer Value> ? Value : never;
};

/** Declares the saved properties of a node, in the order of forms and documents. */
export function declareProperties<Types extends PropertyTypes>(
  types: Types,
  migrations: Migrations = [],
): Declaration<SavedBy<Types>, ValuesBy<Types>> {
  const initial = Object.entries(types).map(([name, type]) => [name, type.initial]);
  const defaults = Object.fromEntries([
    ['version', currentVersion(migrations)],
    ...initial,
  ]) as SavedBy<Types> & Versioned;
  return { types: types as Declaration<SavedBy<Types>, ValuesBy<Types>>['types'], migrations, defaults };
}
