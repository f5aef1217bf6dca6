/** The saved properties of the `wechat-bot` config node. */
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import type { SavedNumber } from '../shared/saved-number';

/** The registered type. */
export const type = 'wechat-bot';

/** The saved properties of a bot. */
export interface BotProperties extends Versioned {
  name: string;
  /** `simulator`, or the name of an installed puppet package. */
  puppet: string;
  /** The puppet's options: a JSON object as a string. */
  options: string;
  /** Whether the bot starts on deploy and when Node-RED starts. */
  autoStart: boolean;
  /** Minimum time between two sends, in ms; empty: automatic. */
  minGap: SavedNumber;
  /** Maximum random time added to each gap, in ms; empty: automatic. */
  jitter: SavedNumber;
  /** Maximum sends within any 60 s; 0: no limit; empty: automatic. */
  perMinute: SavedNumber;
}

/** Credentials; stored separately from the flow and never sent to the browser. */
export interface BotCredentials {
  token?: string;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: a bot on the simulator. */
export const defaults: BotProperties = {
  version: currentVersion(migrations),
  name: '',
  puppet: 'simulator',
  options: '{}',
  autoStart: true,
  minGap: '',
  jitter: '',
  perMinute: '',
};

/** The rate limits for "automatic": none on the simulator, conservative ones for real accounts. */
export const automaticPace = {
  simulator: { minGap: 0, jitter: 0, perMinute: 0 },
  realAccount: { minGap: 1500, jitter: 1500, perMinute: 20 },
} as const;
