/** Outbound events: encodes the selected events of a bot and appends them to the outbox. */
import type { Bot } from '../../bot/bot';
import { asTyped, type TypedEvent } from '../../events/table';
import type { Outbox } from '../storage/outbox';
import { encodeEvent } from './codec/codec';
import { mapEvent } from './codec/event-mappers';
import type { MqttRemoteSettings } from './settings';

/** The events of one bot, from construction to `close`. */
export class OutboundEvents {
  readonly #settings: Pick<MqttRemoteSettings, 'events' | 'simple'>;
  readonly #unsubscribe: () => void;
  #buffered: TypedEvent[] = [];
  #outbox: Outbox | undefined;

  /** Subscribes to the bot; events are buffered until `open`. */
  constructor(bot: Bot, settings: Pick<MqttRemoteSettings, 'events' | 'simple'>) {
    this.#settings = settings;
    this.#unsubscribe = bot.on('event', (event) => {
      this.#onEvent(asTyped(event));
    });
  }

  /** Appends all buffered and all later events to an outbox. */
  open(outbox: Outbox): void {
    this.#outbox = outbox;
    for (const event of this.#buffered) this.#append(event, outbox);
    this.#buffered = [];
  }

  /** Unsubscribes from the bot. Idempotent. */
  close(): void {
    this.#unsubscribe();
    this.#buffered = [];
  }

  #onEvent(event: TypedEvent): void {
    const { events } = this.#settings;
    if (events.length > 0 && !events.includes(event.event)) return;
    if (this.#outbox) this.#append(event, this.#outbox);
    else this.#buffered.push(event);
  }

  #append(event: TypedEvent, outbox: Outbox): void {
    const body = encodeEvent(event.event, mapEvent(event, this.#settings.simple), event.timestamp);
    const priority = event.event === 'heartbeat' ? 'heartbeats' : 'events';
    // The outbox reports write errors itself, and publishes the event nevertheless.
    outbox.append(priority, [{ body }]).catch(() => undefined);
  }
}
