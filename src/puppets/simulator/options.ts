/** Faults that can be injected. */
export interface Faults {
  /** Every puppet call rejects. */
  rejectAll?: boolean;
  /** Everything that sends (messages, forwards, posts) rejects. */
  rejectSends?: boolean;
  /** Sends never settle, and nothing is sent. */
  hangSends?: boolean;
  /** Starting the puppet never settles. */
  hangStart?: boolean;
  /** Starting the puppet throws: always, or this many times. */
  failStart?: boolean | number;
  /** Every payload field but the id is null. */
  malformedPayloads?: boolean;
  /** Room events have an unknown inviter, remover or changer. */
  noInviter?: boolean;
  /** Milliseconds added to every puppet call. */
  slow?: number;
  /** Sends succeed but resolve to undefined instead of the message's id, as in many puppets. */
  noMessageIds?: boolean;
  /** No change is followed by a `dirty` event, and payloads are copies: what is cached stays as it was. */
  noDirtyEvents?: boolean;
}

/** The options of a simulation. The same options give the same ids, names and topics. */
export interface SimulatorOptions {
  /** `auto`: logged in as soon as started. `scan`: shows a QR code until `simulation.scan()`. Default `auto`. */
  login?: 'auto' | 'scan';
  /** Number of friends. Default 8, the predefined ones; more are generated. */
  contacts?: number;
  /** Number of rooms the bot is in. Default 3. */
  rooms?: number;
  /** Members of every room, the bot included. Default: a few, different in each room. */
  membersPerRoom?: number;
  /** Milliseconds added to every puppet call. Default 0. */
  latency?: number;
  /** Messages kept in the history; the oldest are evicted. Default 5,000. */
  history?: number;
  /** The initial faults; `simulation.faults` changes them later. */
  faults?: Faults;
}

/** The options with all defaults. */
export interface SimulationSettings {
  readonly login: 'auto' | 'scan';
  readonly contacts: number;
  readonly rooms: number;
  readonly membersPerRoom: number | undefined;
  readonly latency: number;
  readonly history: number;
  readonly faults: Faults;
}

function parseInteger(name: string, value: unknown, fallback: number, min: number): number {
  if (value === undefined) {
    return fallback;
  }
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min) {
    throw new Error(`simulator option "${name}" must be a whole number of at least ${min}`);
  }
  return value;
}

/**
 * Applies the defaults.
 * @throws Error naming the first invalid option.
 */
export function resolveOptions(options: SimulatorOptions): SimulationSettings {
  const login: unknown = options.login ?? 'auto';
  if (login !== 'auto' && login !== 'scan') {
    throw new Error('simulator option "login" must be "auto" or "scan"');
  }
  return {
    login,
    contacts: parseInteger('contacts', options.contacts, 8, 0),
    rooms: parseInteger('rooms', options.rooms, 3, 0),
    membersPerRoom:
      options.membersPerRoom === undefined
        ? undefined
        : parseInteger('membersPerRoom', options.membersPerRoom, 3, 1),
    latency: parseInteger('latency', options.latency, 0, 0),
    history: parseInteger('history', options.history, 5_000, 1),
    faults: { ...options.faults },
  };
}
