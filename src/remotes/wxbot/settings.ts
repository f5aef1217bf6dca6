import type { RemotePolicy } from '../dispatch/command-dispatcher';
import type { HttpServerLimits } from '../http/http-server';
import type { WebSocketLimits } from '../http/websocket-hub';
import type { Token } from './tokens';

/** The settings of a WXBot remote. */
export interface WxbotRemoteSettings extends RemotePolicy {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The key clients need; empty: none, on loopback only. */
  readonly key: string;
  /** Empty: any token stands for the bot chosen in the form. */
  readonly tokens: readonly Token[];
  /** Overrides for tests. */
  readonly limits?: {
    readonly server?: Partial<HttpServerLimits>;
    readonly sockets?: Partial<WebSocketLimits>;
    /** Until a WebSocket client has sent its handshake, in ms. */
    readonly handshakeMs?: number;
  };
}
