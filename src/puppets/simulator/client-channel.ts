import type { payloads, types } from 'wechaty-puppet';

/** What the world tells the puppet that is logged in to it. */
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

/** What the world needs of a puppet that is connected to it. */
export interface Client {
  /** Passes an event on, a moment later and in order; nothing happens while not logged in. */
  tell<E extends keyof ClientEvents>(event: E, payload: ClientEvents[E]): void;
  /** Drops what is cached under this id, at once. */
  forget(type: types.Dirty, id: string): void;
  /** Passes on what the login screen shows. */
  showScan(scan: payloads.EventScan): void;
  /** Logs in with a new session, which is stored first. */
  logIn(session: string): Promise<void>;
  /** Logs out and removes the stored session. */
  logOut(reason: string): Promise<void>;
  /** Logs out because another puppet took over; what is stored stays. */
  giveWay(): Promise<void>;
  /** Reports the error, and stops working until started again. */
  loseConnection(reason: string): void;
}

/** The line between a world and the one puppet connected to it, if any. */
export class Wire {
  #client: Client | undefined;

  get client(): Client | undefined {
    return this.#client;
  }

  /** Connects a puppet. One that was connected before is logged out, as WeChat does with a second login. */
  async attach(client: Client): Promise<void> {
    const previous = this.#client;
    this.#client = client;
    if (previous && previous !== client) {
      await previous.giveWay();
    }
  }

  /** Disconnects the puppet that is connected. */
  detach(): void {
    this.#client = undefined;
  }

  tell<E extends keyof ClientEvents>(event: E, payload: ClientEvents[E]): void {
    this.#client?.tell(event, payload);
  }

  forget(type: types.Dirty, id: string): void {
    this.#client?.forget(type, id);
  }
}
