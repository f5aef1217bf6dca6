/** The state of the MQTT session that survives a restart. */
import type { KeyValueStore } from '../../storage/key-value-store';
import { createClientId } from './client-options';

const clientIdKey = 'm!session';
const lastSeenKey = 'm!seen';

/** Client id and time of the last connection of one remote. Write errors are reported by the outbox. */
export class SessionState {
  readonly #store: KeyValueStore;
  /** The MQTT client id: random, and the same in every run, so that the broker resumes the session. */
  readonly clientId: string;

  constructor(store: KeyValueStore) {
    this.#store = store;
    const known = store.get(clientIdKey);
    this.clientId = known ?? createClientId();
    if (known === undefined) this.#save(clientIdKey, this.clientId);
  }

  /** Time since the session was last connected, in ms; 0 when it never was. */
  get awayMs(): number {
    const now = Date.now();
    return now - Number(this.#store.get(lastSeenKey) ?? now);
  }

  /** Stores that the session is connected now. */
  touch(): void {
    this.#save(lastSeenKey, String(Date.now()));
  }

  #save(key: string, value: string): void {
    this.#store.commit([{ type: 'put', key, value }]).catch(() => undefined);
  }
}
