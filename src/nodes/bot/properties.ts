/** The saved properties of the `wechat-bot` config node. */

/** The registered type. */
export const type = 'wechat-bot';

/** A number as forms save it: digits, or empty for "automatic"; `${ENV}` leads to a string too. */
export type SavedNumber = number | string;

/** What a flow keeps of a bot. */
export interface BotProperties {
  name: string;
  /** `simulator`, or the name of an installed puppet package. */
  puppet: string;
  /** The puppet's options: a JSON object as a string. */
  options: string;
  /** Whether the bot starts when it is deployed and when Node-RED starts. */
  autoStart: boolean;
  /** Least time between two sends, in ms; empty is automatic. */
  minGap: SavedNumber;
  /** Up to this much is added to each gap at random, in ms; empty is automatic. */
  jitter: SavedNumber;
  /** Sends within any 60 s, 0 for no limit; empty is automatic. */
  perMinute: SavedNumber;
}

/** What is kept apart from the flow and never reaches the browser. */
export interface BotCredentials {
  token?: string;
}

/** A new bot lives in the simulated WeChat. */
export const defaults: BotProperties = {
  name: '',
  puppet: 'simulator',
  options: '{}',
  autoStart: true,
  minGap: '',
  jitter: '',
  perMinute: '',
};

/** What "automatic" means: no pacing where nobody can be annoyed, a careful pace for real accounts. */
export const automaticPace = {
  simulator: { minGap: 0, jitter: 0, perMinute: 0 },
  realAccount: { minGap: 1500, jitter: 1500, perMinute: 20 },
} as const;
