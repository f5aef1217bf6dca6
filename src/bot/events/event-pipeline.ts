import { errorMessage } from '../errors';
import type { EventBody, EventReader, EventReaders } from '../events';
import type { PuppetEventName } from '../session/puppet-session';
import type { DeliveredMessages } from './delivered-messages';
import { OrderedDelivery } from './ordered-delivery';
import type { PayloadReader } from './payload-reader';

/** The callbacks of an event pipeline. */
export interface EventPipelineCallbacks {
  /** Called with each event in order. @param timestamp when the puppet emitted it, in ms since 1970. */
  onEvent(event: PuppetEventName, body: EventBody, timestamp: number): void;
  /** Called instead when an event could not be read. */
  onUnreadable(event: PuppetEventName, payload: unknown, error: unknown): void;
}

/** From a puppet's events to those of the bot: filters duplicate messages, reads payloads, keeps the order. */
export class EventPipeline {
  readonly #readers: EventReaders;
  readonly #callbacks: EventPipelineCallbacks;
  readonly #orderedDelivery = new OrderedDelivery();
  readonly #delivered: DeliveredMessages;

  constructor(readers: EventReaders, callbacks: EventPipelineCallbacks, delivered: DeliveredMessages) {
    this.#readers = readers;
    this.#callbacks = callbacks;
    this.#delivered = delivered;
  }

  /** Adds an event of a puppet, with the reader for that puppet. Ignores events that the table does not have. */
  push(event: PuppetEventName, payload: unknown, reader: PayloadReader): void {
    const read = this.#readers[event];
    if (!read) return;
    const id = event === 'message' ? messageId(payload) : undefined;
    if (id !== undefined && !this.#delivered.add(id)) return;
    const timestamp = Date.now();
    this.#orderedDelivery.push(
      readOrReject(read, payload, reader),
      (body) => {
        if (body) this.#callbacks.onEvent(event, body, timestamp);
        if (id !== undefined) this.#delivered.confirm(id);
      },
      (error) => {
        this.#callbacks.onUnreadable(event, payload, error);
      },
    );
  }
}

/** As `read`, but rejects instead of throwing. */
function readOrReject(read: EventReader, payload: unknown, reader: PayloadReader): ReturnType<EventReader> {
  try {
    return read(payload, reader);
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(errorMessage(error)));
  }
}

function messageId(payload: unknown): string {
  return String((payload as { messageId?: unknown } | undefined)?.messageId);
}
