/** What can be made to go wrong on purpose, so that what stands on the simulator can be tried against it. */
export interface Faults {
  /** Every puppet call rejects. */
  rejectAll?: boolean;
  /** Everything that sends (messages, forwards, posts) rejects. */
  rejectSends?: boolean;
  /** Sends never settle, and nothing is sent. */
  hangSends?: boolean;
  /** Starting the puppet never settles. */
  hangStart?: boolean;
  /** Starting the puppet throws: always, or as many times as the number says. */
  failStart?: boolean | number;
  /** Payloads come with every field but the id set to null. */
  malformedPayloads?: boolean;
  /** Room events name an inviter, remover or changer nobody knows. */
  noInviter?: boolean;
  /** Milliseconds every puppet call takes longer. */
  slow?: number;
  /** Sends work but resolve to undefined instead of the message's id, as many puppets do. */
  noMessageIds?: boolean;
}

/** How the simulated WeChat is set up. The same options give the same ids, names and topics. */
export interface SimulatorOptions {
  /** `auto`: logged in as soon as started. `scan`: shows a QR code until `world.scan()`. Default `auto`. */
  login?: 'auto' | 'scan';
  /** Number of friends. Default 8, which are people with a name; more are generated. */
  contacts?: number;
  /** Number of rooms the bot is in. Default 3. */
  rooms?: number;
  /** Members of every room, the bot included. Default: a handful, different in each room. */
  membersPerRoom?: number;
  /** Milliseconds added to every puppet call. Default 0. */
  latency?: number;
  /** Messages the world remembers; the oldest are forgotten. Default 5,000. */
  history?: number;
  /** What goes wrong from the start on; `world.faults` changes it later. */
  faults?: Faults;
}

/** The options with every default filled in. */
export interface WorldSettings {
  readonly login: 'auto' | 'scan';
  readonly contacts: number;
  readonly rooms: number;
  readonly membersPerRoom: number | undefined;
  readonly latency: number;
  readonly history: number;
  readonly faults: Faults;
}

function wholeNumber(name: string, value: unknown, fallback: number, least: number): number {
  if (value === undefined) {
    return fallback;
  }
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
    throw new Error(`simulator option "${name}" must be a whole number of at least ${least}`);
  }
  return value;
}

/**
 * Fills in the defaults.
 * @throws Error naming the first option that has a value it cannot have.
 */
export function worldSettings(options: SimulatorOptions): WorldSettings {
  const login: unknown = options.login ?? 'auto';
  if (login !== 'auto' && login !== 'scan') {
    throw new Error('simulator option "login" must be "auto" or "scan"');
  }
  return {
    login,
    contacts: wholeNumber('contacts', options.contacts, 8, 0),
    rooms: wholeNumber('rooms', options.rooms, 3, 0),
    membersPerRoom:
      options.membersPerRoom === undefined
        ? undefined
        : wholeNumber('membersPerRoom', options.membersPerRoom, 3, 1),
    latency: wholeNumber('latency', options.latency, 0, 0),
    history: wholeNumber('history', options.history, 5_000, 1),
    faults: { ...options.faults },
  };
}
