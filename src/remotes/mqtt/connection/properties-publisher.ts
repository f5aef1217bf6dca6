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
  #isRefused = false;

  constructor(deps: PropertiesDependencies) {
    this.#deps = deps;
  }

  /** Resolves when the broker has acknowledged or refused them; never when the connection is lost. */
  publish(online: boolean): Promise<void> {
    const { connection, topic, encode, onAcknowledged } = this.#deps;
    if (!connection.isConnected) return Promise.resolve();
    if (this.#isRefused) {
      onAcknowledged();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const packet = { topic, body: encode(online), options: { retain: true } };
      connection.publish(packet, this, () => {
        onAcknowledged();
        resolve();
      });
    });
  }

  /**
   * Publishes no more properties if the broker has ended the connection at them repeatedly.
   * @param message as it was passed to `MqttConnection.publish`.
   */
  setAside(message: object, reason: string): void {
    if (message !== this) return;
    this.#isRefused = true;
    const { message: sentence } = new WechatError('REFUSED', 'brokerHangsUp', { reason });
    this.#deps.warn(`The properties are no longer published to ${this.#deps.topic}: ${sentence}`);
  }
}
