/**
 * Recognises another program with the same MQTT client id: the broker ends the older connection for the newer one, both
 * reconnect, and so on. MQTT 5 brokers say so; in MQTT 3.1.1 it can only be guessed.
 */
import { WechatError } from '../../../bot/errors';
import { type ConnectionAttempt, disconnectReasons } from './connection-attempt';

/** A connection that lasted this long was not ended by another client that reconnects, in ms. */
const stableMs = 60_000;

/** So many silent ends in a row are no chance. */
const suspiciousEnds = 3;

/** What is known about the end of a connection. */
export interface Takeover {
  readonly problem: WechatError;
  /** Whether it will happen again, because the other client reconnects as well. */
  readonly isRepeated: boolean;
}

/** Watches all connections of one client. */
export class TakeoverDetector {
  #takeovers = 0;
  #silentEnds = 0;

  /**
   * @param isIdle whether no message was in flight, at which the broker might have ended the connection.
   * @returns `undefined` unless another client has, or seems to have, taken over the session.
   */
  onClosed(attempt: ConnectionAttempt, clientId: string, isIdle: boolean): Takeover | undefined {
    if (attempt.connectedMs > stableMs) {
      this.#takeovers = 0;
      this.#silentEnds = 0;
    }
    if (attempt.disconnectCode === disconnectReasons.sessionTakenOver) {
      this.#takeovers += 1;
      const problem = new WechatError('REFUSED', 'sessionTakenOver', { clientId });
      return { problem, isRepeated: this.#takeovers > 1 };
    }
    if (!attempt.isHangUp || attempt.disconnectCode !== undefined) this.#silentEnds = 0;
    else if (isIdle) this.#silentEnds += 1;
    if (!isIdle || this.#silentEnds < suspiciousEnds) return undefined;
    return {
      problem: new WechatError('REFUSED', 'sessionPerhapsTakenOver', { clientId }),
      isRepeated: true,
    };
  }
}
