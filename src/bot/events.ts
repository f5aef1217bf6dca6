/** What a bot tells, in the form every layer above it sees. */
import type { PuppetEventName } from './session/puppet-session';
import type { Located } from './events/ordered-delivery';
import type { EventSource } from './events/payload-reader';

/** Everything a bot can tell: what puppets tell, and what the bot says of itself. */
export type EventName = PuppetEventName | 'puppet' | 'start' | 'stop';

/** An event as plain JSON: who, what, when, and the event's own fields beside them. */
export interface BotEvent {
  readonly bot: { readonly id: string; readonly name: string };
  readonly event: EventName;
  /** When the bot learned of it, in ms since 1970. */
  readonly timestamp: number;
  readonly [field: string]: unknown;
}

/** An event's own fields. */
export type EventBody = Readonly<Record<string, unknown>>;

/**
 * Reads one kind of event: first which conversation it belongs to, then the whole of it. Both steps must work
 * with what damaged puppets hand over. A body of undefined means: nothing to tell.
 */
export type EventReader = (
  payload: unknown,
  source: EventSource,
) => Located<EventBody | undefined> | Promise<Located<EventBody | undefined>>;
