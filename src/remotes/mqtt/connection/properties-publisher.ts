/** Publishes the retained properties of the bot. They are not queued: the latest ones are published on each connection. */
import { WechatError } from '../../../bot/errors';
import type { MqttConnection } from './mqtt-connection';

/** What a publisher of properties depends on. */
export interface PropertiesDependencies {
  readonly connection: MqttConnection;
  readonly topic: string;
  /** The payload, encrypted. */
  readonly encode: (online: boolean) => string;
  /** Called when properties are acknowledged: another message can be published. */
  readonly onAcknowledged: () => void;
  readonly warn: (sentence: string) => void;
}

/** Publishes the properties while the connection is up and the broker does not refuse them. */
export class PropertiesPublisher {
  readonly #deps: PropertiesDependencies;
  #isRetained = true;
  #isRefused = false;

  constructor(deps: PropertiesDependencies) {
    this.#deps = deps;
  }

  /** Resolves when the broker has acknowledged or refused them; never when the connection is lost. */
  publish(online: boolean): Promise<void> {
    const { connection, topic, encode, onAcknowledged, warn } = this.#deps;
    if (!connection.isConnected) return Promise.resolve();
    if (this.#isRefused) {
      onAcknowledged();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const packet = { topic, body: encode(online), options: { retain: this.#isRetained } };
      connection.publish(packet, this, (error) => {
        if (error) warn(`The broker refuses the properties on ${topic}: ${error.message}`);
        onAcknowledged();
        resolve();
      });
    });
  }

  /**
   * Publishes the properties without retaining them, and later no more, if the broker ends the connection at them.
   * @param message as it was passed to `MqttConnection.publish`.
   */
  setAside(message: object, reason: string): void {
    if (message !== this) return;
    const { message: sentence } = new WechatError('REFUSED', 'brokerHangsUp', { reason });
    const change = this.#isRetained ? 'no longer retained' : 'no longer published';
    if (this.#isRetained) this.#isRetained = false;
    else this.#isRefused = true;
    this.#deps.warn(`The properties on ${this.#deps.topic} are ${change}: ${sentence}`);
  }
}
