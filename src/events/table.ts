/** Everything a bot can tell. Nodes, remotes, pick lists and documents read this table and no other. */
import type { EventName, EventReader } from '../bot/events';
import { login, logout, ready, scan } from './account';
import type { EventDefinition } from './event';
import { friendship } from './friendship';
import { dirty, dong, error, heartbeat, puppet, reset, start, stop } from './lifecycle';
import { message, post } from './message';
import { roomInvite, roomJoin, roomLeave, roomTopic } from './room';

/** The table, in the order in which people look for things. */
export const events: Readonly<Record<EventName, EventDefinition>> = {
  message,
  friendship,
  'room-join': roomJoin,
  'room-leave': roomLeave,
  'room-topic': roomTopic,
  'room-invite': roomInvite,
  post,
  scan,
  login,
  logout,
  ready,
  error,
  heartbeat,
  dong,
  dirty,
  reset,
  puppet,
  start,
  stop,
};

/** The names of all events. */
export const eventNames = Object.keys(events) as EventName[];

/** How each event is read, as the bot needs it. */
export const eventReaders = Object.fromEntries(
  eventNames.map((name) => [name, events[name].read]),
) as Readonly<Record<EventName, EventReader>>;
