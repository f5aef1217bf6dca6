import type { EventEmitter } from 'node:events';

/** A puppet as a plain emitter: Wechaty's types know only the names and arguments of its own events. */
export function untypedEmitter(emitter: object): EventEmitter {
  return emitter as EventEmitter;
}
