/** All events. Nodes, remotes, pick lists and documents are derived from this table. */
import type { Static } from 'typebox';
import type { BotEvent, EventReaders } from '../bot/events';
import type { PuppetEventName } from '../bot/session/puppet-session';
import { login, logout, ready, scan } from './account';
import type { EventDefinition } from './event';
import { friendship } from './friendship';
import { dirty, dong, error, heartbeat, puppet, reset, start, state, stop } from './lifecycle';
import { message, post, sent } from './message';
import { contactLeave, invitation } from './people';
import { roomInvite, roomJoin, roomLeave, roomTopic } from './room';

const table = {
  message,
  sent,
  friendship,
  'room-join': roomJoin,
  'room-leave': roomLeave,
  'room-topic': roomTopic,
  'room-invite': roomInvite,
  post,
  invitation,
  'contact-leave': contactLeave,
  scan,
  login,
  logout,
  ready,
  state,
  error,
  heartbeat,
  dong,
  dirty,
  reset,
  puppet,
  start,
  stop,
} satisfies Record<PuppetEventName, EventDefinition> & Record<string, EventDefinition>;

/** The name of an event. */
export type EventName = keyof typeof table;

/** All events, by name, in the order in which documents and pick lists show them. */
export const events: Readonly<Record<EventName, EventDefinition>> = table;

/** An event by its name, with the fields that its schema describes. */
export type EventOf<Name extends EventName> = Name extends EventName
  ? Pick<BotEvent, 'bot' | 'timestamp'> & { readonly event: Name } & Static<(typeof table)[Name]['schema']>
  : never;

/** Any event: a union discriminated by `event`. */
export type TypedEvent = EventOf<EventName>;

/**
 * Narrows an event of `Bot`. `bot/` must not import this table, so its events are loosely typed: they are what these
 * readers return, checked against the schemas by `event()`, and the bot's own `error`, `puppet`, `start`, `state` and `stop`.
 */
export function asTyped(event: BotEvent): TypedEvent {
  return event as TypedEvent;
}

/** The names of all events. */
export const eventNames = Object.keys(events) as EventName[];

/** The readers of all events, which a bot is constructed with. */
export const eventReaders = Object.fromEntries(
  eventNames.map((name) => [name, events[name].read]),
) as EventReaders;
