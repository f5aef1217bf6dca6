/** One connection of an MQTT client, from the first attempt to connect until it is closed, and why it is closed. */
import type { IDisconnectPacket, MqttClient } from 'mqtt';
import type { WechatError } from '../../../bot/errors';

/** Reason codes of DISCONNECT packets. */
export const disconnectReasons = { sessionTakenOver: 142, receiveMaximumExceeded: 147 } as const;

/**
 * Reason codes of a broker that ends a connection for another reason than the last message: it shuts down, is busy or
 * moved, the session was taken over, the client was silent or connected for too long, an administrator, the rate.
 */
const reasonsBesideMessages: readonly number[] = [
  ...Object.values(disconnectReasons),
  137,
  139,
  141,
  150,
  152,
  156,
  157,
  159,
  160,
];

/** Errors of the network, which say nothing about the broker. */
const networkErrors = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|Keepalive timeout/;

/** One connection. */
export class ConnectionAttempt {
  /** When the CONNACK packet arrived, by the monotonic clock in ms. */
  connectedAt: number | undefined;
  /** The code of a CONNACK packet that refused the connection. */
  returnCode: number | undefined;
  /** The code of a DISCONNECT packet. */
  disconnectCode: number | undefined;
  lastError = '';
  /** An error that users can do something about. */
  problem: WechatError | undefined;
  #isEndedByClient = false;

  constructor(readonly client: MqttClient) {}

  /** How long it has been connected, in ms. */
  get connectedMs(): number {
    return this.connectedAt === undefined ? 0 : performance.now() - this.connectedAt;
  }

  get hasNetworkError(): boolean {
    return networkErrors.test(this.lastError);
  }

  /** Whether the broker has ended the connection, perhaps because of what was published last. */
  get isHangUp(): boolean {
    const { connectedAt, disconnectCode = 0 } = this;
    const isForMessage = !reasonsBesideMessages.includes(disconnectCode);
    return connectedAt !== undefined && !this.#isEndedByClient && !this.hasNetworkError && isForMessage;
  }

  onDisconnect({ reasonCode = 0 }: IDisconnectPacket): void {
    this.disconnectCode = reasonCode;
    this.lastError = `the broker ended the connection (${reasonCode})`;
  }

  onError(error: Error): void {
    // An AggregateError of several addresses has an empty message.
    const { code } = error as { code?: unknown };
    this.lastError = error.message || (typeof code === 'string' ? code : 'unknown');
    if (this.connectedAt === undefined && typeof code === 'number') this.returnCode = code;
  }

  /** Closes the connection because of an error. */
  fail(error: string): void {
    this.lastError = error;
    this.#isEndedByClient = true;
    this.client.stream.destroy();
  }

  /** Ends the connection without the will. @param problem if users can do something about the reason. */
  end(reason: string, problem?: WechatError): void {
    this.problem = problem;
    this.lastError = reason;
    this.#isEndedByClient = true;
    this.client.end(false, { reasonCode: 0 });
  }
}
