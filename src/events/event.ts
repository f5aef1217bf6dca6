/** The shape of an event definition: one entry of the table in `table.ts`. */
import type { Static, TSchema } from 'typebox';
import type { EventReader } from '../bot/events';
import type { PayloadReader } from '../bot/events/payload-reader';
import { asString, contactView, roomView } from '../bot/view-mappers';
import type { ContactView, RoomView } from '../bot/views';

/** One entry of the table. */
export interface EventDefinition<Schema extends TSchema = TSchema> {
  /** For documents and pick lists. */
  readonly summary: { readonly 'en-US': string; readonly 'zh-CN': string };
  /** The event's own fields, beside `bot`, `event` and `timestamp`. */
  readonly schema: Schema;
  /** Reads those fields from the payload of the puppet (or of the bot itself). */
  readonly read: EventReader<Static<Schema>>;
}

/** Infers the type of an entry: `read` must return what the schema says. */
export function event<Schema extends TSchema>(definition: EventDefinition<Schema>): EventDefinition<Schema> {
  return definition;
}

/** A puppet's payload as a record of unknown fields; empty if it is not an object. */
export function asRecord(payload: unknown): Readonly<Record<string, unknown>> {
  return typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {};
}

/** A contact that an event always has; with an empty id if the payload of a puppet lacks it. */
export async function requiredContact(source: PayloadReader, id: unknown): Promise<ContactView> {
  return (await source.contact(asString(id))) ?? contactView('', undefined);
}

/** A room that an event always has; with an empty id if the payload of a puppet lacks it. */
export async function requiredRoom(source: PayloadReader, id: unknown): Promise<RoomView> {
  return (await source.room(asString(id))) ?? roomView('', undefined);
}
