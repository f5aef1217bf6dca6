/** The events of a bot as every layer above it sees them. */
import type { KeyedRead } from './events/ordered-delivery';
import type { PayloadReader } from './events/payload-reader';

/** An event as plain JSON: bot, name and time, beside the event's own fields. */
export interface BotEvent {
  readonly bot: { readonly id: string; readonly name: string };
  /** A name of the event table. */
  readonly event: string;
  /** When the bot received it, in ms since 1970. */
  readonly timestamp: number;
  readonly [field: string]: unknown;
}

/** An event's own fields. */
export type EventBody = Readonly<Record<string, unknown>>;

/**
 * Reads one kind of event: first its conversation, then its body. Both steps must accept malformed payloads. A body
 * of undefined means that no event is emitted.
 */
export type EventReader<Body = EventBody> = (
  payload: unknown,
  source: PayloadReader,
) => KeyedRead<Body | undefined> | Promise<KeyedRead<Body | undefined>>;

/** How each event is read, by its name. */
export type EventReaders = Readonly<Record<string, EventReader>>;
