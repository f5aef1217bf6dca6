/** The saved properties of the `wechat-bot` config node. */
import { declareProperties, type SavedOf } from '../shared/declaration';
import { boolean, json, label, optionalNumber, text } from '../shared/property-types';

/** The registered type. */
export const type = 'wechat-bot';

/** A new bot is on the simulator. */
export const declaration = declareProperties({
  name: label(),
  /** `simulator`, `ilink`, or the name of an installed puppet package. */
  puppet: text('simulator'),
  /** The puppet's options: a JSON object. */
  options: json('{}'),
  /** Whether the bot starts on deploy and when Node-RED starts. */
  autoStart: boolean(true),
  /** Minimum time between two sends, in ms; empty: automatic. */
  minGap: optionalNumber(),
  /** Maximum random time added to each gap, in ms; empty: automatic. */
  jitter: optionalNumber(),
  /** Maximum sends within any 60 s; 0: no limit; empty: automatic. */
  perMinute: optionalNumber(),
});

/** The saved properties of a bot. */
export type BotProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;

/** Credentials; stored separately from the flow and never sent to the browser. */
export interface BotCredentials {
  token?: string;
}

/** Rate limits in ms, and sends a minute. */
interface Pace {
  readonly minGap: number;
  readonly jitter: number;
  readonly perMinute: number;
}

const unlimited: Pace = { minGap: 0, jitter: 0, perMinute: 0 };

/** Conservative limits for accounts that WeChat takes for people. */
const realAccount: Pace = { minGap: 1500, jitter: 1500, perMinute: 20 };

/** The rate limits for "automatic": none on the simulator; `ilink` keeps WeChat's limits for each person itself. */
export function automaticPaceOf(puppet: string): Pace {
  return puppet === 'simulator' || puppet === 'ilink' ? unlimited : realAccount;
}
