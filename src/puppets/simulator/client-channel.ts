import type { payloads, types } from 'wechaty-puppet';

/** The events that a logged-in puppet receives. */
export interface ClientEvents {
  message: payloads.EventMessage;
  post: payloads.EventPost;
  friendship: payloads.EventFriendship;
  'room-join': payloads.EventRoomJoin;
  'room-leave': payloads.EventRoomLeave;
  'room-topic': payloads.EventRoomTopic;
  'room-announce': payloads.EventRoomAnnounce;
  'room-invite': payloads.EventRoomInvite;
}

/** A puppet as the simulation sees it. */
export interface SimulatorClient {
  /** Emits an event asynchronously and in order; ignored while not logged in. */
  emit<E extends keyof ClientEvents>(event: E, payload: ClientEvents[E]): void;
  /** Drops cached data of this id, synchronously. */
  invalidate(type: types.Dirty, id: string): void;
  /** Emits a `scan` event. */
  showScan(scan: payloads.EventScan): void;
  /** Stores a new session and logs in with it. */
  logIn(session: string): Promise<void>;
  /** Logs out and removes the stored session. */
  logOut(reason: string): Promise<void>;
  /** Logs out because another puppet has logged in; keeps the stored session. */
  logOutReplaced(): Promise<void>;
  /** Emits an error and rejects all calls until the next start. */
  failConnection(reason: string): void;
}

/** The connection from a simulation to its one puppet, if any. */
export class ClientChannel {
  #client: SimulatorClient | undefined;

  get client(): SimulatorClient | undefined {
    return this.#client;
  }

  /** Connects a puppet and logs the previous one out, as WeChat does on a second login. */
  async attach(client: SimulatorClient): Promise<void> {
    const previous = this.#client;
    this.#client = client;
    if (previous && previous !== client) {
      await previous.logOutReplaced();
    }
  }

  /** Disconnects the puppet that is connected. */
  detach(): void {
    this.#client = undefined;
  }

  emit<E extends keyof ClientEvents>(event: E, payload: ClientEvents[E]): void {
    this.#client?.emit(event, payload);
  }

  invalidate(type: types.Dirty, id: string): void {
    this.#client?.invalidate(type, id);
  }
}
