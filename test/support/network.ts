/**
 * A TCP proxy that simulates network failures: connections are reset in the middle of a packet.
 *
 * ```ts
 * const network = await NetworkProxy.to(broker.port);
 * network.port; // forwards to the broker
 * network.cut(); // resets all connections and rejects new ones
 * network.restore();
 * await network.close();
 * ```
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy, created by `NetworkProxy.to`. */
export class NetworkProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(target: number) {
    this.#server = createServer((socket) => {
      if (this.#isCut) {
        socket.destroy();
        return;
      }
      const upstream = connect(target, '127.0.0.1');
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        this.#sockets.add(one);
        // Disables Nagle's algorithm, which would delay small packets.
        one.setNoDelay();
        one.pipe(other);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  /** Starts a proxy to a local port. */
  static async to(target: number): Promise<NetworkProxy> {
    const network = new NetworkProxy(target);
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    return network;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets all connections and rejects new ones until `restore`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Accepts connections again. */
  restore(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
