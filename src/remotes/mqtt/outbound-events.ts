/** Outbound events: encodes the selected events of a bot and appends them to the outbox. */
import type { Bot } from '../../bot/bot';
import { asTyped, type TypedEvent } from '../../events/table';
import { EarlyMessages } from '../storage/early-messages';
import type { Outbox } from '../storage/outbox';
import { encodeEvent } from './codec/codec';
import { mapEvent } from './codec/event-mappers';
import type { MqttRemoteSettings } from './settings';

/** The events of one bot, from construction to `close`. */
export class OutboundEvents {
  readonly #settings: Pick<MqttRemoteSettings, 'events' | 'simple'>;
  readonly #unsubscribe: () => void;
  readonly #messages = new EarlyMessages();

  /** Subscribes to the bot; a limited number of events is held until `open`. */
  constructor(bot: Bot, settings: Pick<MqttRemoteSettings, 'events' | 'simple'>) {
    this.#settings = settings;
    this.#unsubscribe = bot.on('event', (event) => {
      this.#onEvent(asTyped(event));
    });
  }

  /** Number of events held, and dropped, before `open`. */
  get early(): Pick<EarlyMessages, 'count' | 'dropped'> {
    return this.#messages;
  }

  /** Appends all events to an outbox. */
  open(outbox: Outbox): void {
    this.#messages.open(outbox);
  }

  /** Unsubscribes from the bot. Idempotent. */
  close(): void {
    this.#unsubscribe();
  }

  #onEvent(event: TypedEvent): void {
    const { events, simple } = this.#settings;
    if (events.length > 0 && !events.includes(event.event)) return;
    const body = encodeEvent(event.event, mapEvent(event, simple), event.timestamp);
    this.#messages.append(event.event === 'heartbeat' ? 'heartbeats' : 'events', { body });
  }
}
