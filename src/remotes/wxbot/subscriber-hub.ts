/** WebSocket clients: handshake with the key, then messages of all bots. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Authenticator } from '../http/auth';
import { type WebSocketClient, WebSocketHub } from '../http/websocket-hub';
import type { Subscribers } from './message-feed';
import type { RetCode } from './return-codes';
import type { WxbotRemoteSettings } from './settings';
import { decodeHandshake, encodeAuthResult } from './wire';

/** Maximum size of a WebSocket message, in bytes. */
const maxPayload = 64 * 1024;

/** Default of `handshakeMs`, in ms. */
const handshakeTimeoutMs = 10_000;

/** The results of a handshake; the document has them in Chinese. */
const authResults = {
  granted: [0, '鉴权成功，之后会收到本 key 下所有微信号的消息'],
  wrongKey: [1000, '鉴权失败，key 无效'],
  wrongProtocol: [1000, '鉴权失败，app 应为 wxbot，version 应为 1.0'],
} as const satisfies Record<string, readonly [RetCode, string]>;

/** WebSocket close code of RFC 6455. */
const policyViolation = 1008;

/** The WebSocket clients of one remote. */
export class SubscriberHub implements Subscribers {
  readonly #authenticator: Authenticator;
  readonly #onChange: () => void;
  readonly #handshakeMs: number;
  readonly #hub: WebSocketHub;
  /** The clients that have sent the key. */
  readonly #authenticated = new Set<WebSocketClient>();

  /** @param onChange called when a client connects, authenticates or disconnects. */
  constructor(authenticator: Authenticator, onChange: () => void, limits: WxbotRemoteSettings['limits']) {
    this.#authenticator = authenticator;
    this.#onChange = onChange;
    this.#handshakeMs = limits?.handshakeMs ?? handshakeTimeoutMs;
    this.#hub = new WebSocketHub(authenticator, onChange, { maxPayload, ...limits?.sockets });
  }

  /** The number of authenticated clients. */
  get count(): number {
    return this.#authenticated.size;
  }

  hasAny(): boolean {
    return this.count > 0;
  }

  send(text: string): void {
    this.#hub.broadcast(text, this.#authenticated);
  }

  /** Accepts an upgrade; the client receives nothing before a handshake with the key. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#hub.accept(request, socket, head, (client) => {
      this.#awaitHandshake(client);
    });
  }

  /** Closes all clients. */
  stop(): Promise<void> {
    return this.#hub.stop();
  }

  #awaitHandshake(client: WebSocketClient): void {
    const handshakeTimer = setTimeout(() => {
      client.close(policyViolation);
    }, this.#handshakeMs).unref();
    client.onClose(() => {
      clearTimeout(handshakeTimer);
      this.#authenticated.delete(client);
    });
    client.onMessage((frame) => {
      const handshake = decodeHandshake(Buffer.from(frame));
      if (!handshake || !client.isOpen) return;
      const { isSupported, key } = handshake;
      const isGranted = isSupported && this.#authenticator.authenticate(key, client.identity) === 'granted';
      const result = isGranted ? 'granted' : isSupported ? 'wrongKey' : 'wrongProtocol';
      const [retCode, msg] = authResults[result];
      client.send(encodeAuthResult(retCode, msg));
      clearTimeout(handshakeTimer);
      if (isGranted) {
        this.#authenticated.add(client);
        this.#onChange();
      } else {
        client.close(policyViolation);
      }
    });
  }
}
