import type { TSchema } from 'typebox';
import type { EventReader } from '../bot/events';

/** One entry of the table: everything there is to know of one kind of event. */
export interface EventDefinition {
  /** What it means, for documents and pick lists. */
  readonly summary: { readonly 'en-US': string; readonly 'zh-CN': string };
  /** The event's own fields, beside `bot`, `event` and `timestamp`. */
  readonly schema: TSchema;
  /** Reads those fields from what the puppet (or the bot) told. */
  readonly read: EventReader;
}

/** The fields of what a puppet told, none of them certain. */
export function fieldsOf(payload: unknown): Readonly<Record<string, unknown>> {
  return typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {};
}
