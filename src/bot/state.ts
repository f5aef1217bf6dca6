import type { ErrorKey, StatusKey, TextValues } from '../i18n/catalogue';

/**
 * The names of the states of a bot:
 * - `stopped` not started, or stopped
 * - `starting` the puppet is being started
 * - `login-required` a login must be requested
 * - `scanning` a QR code is shown
 * - `logged-in` messages can be sent and received; contacts may still be loading
 * - `ready` everything is loaded
 * - `restarting` after an error; it restarts by itself
 * - `failed` its settings are wrong; it does not restart
 */
export const botStateNames = [
  'stopped',
  'starting',
  'login-required',
  'scanning',
  'logged-in',
  'ready',
  'restarting',
  'failed',
] as const;

/** The name of a state. */
export type BotStateName = (typeof botStateNames)[number];

/** A state and its reason, as a translatable text. */
export interface BotState {
  readonly name: BotStateName;
  readonly reason: {
    readonly key: StatusKey;
    readonly values: TextValues;
    /** The `WechatError` behind it, translatable; `values.error` has its English message. */
    readonly cause?: { readonly key: ErrorKey; readonly values: TextValues };
  };
  /** In ms since 1970. */
  readonly since: number;
  /** The logged-in user. */
  readonly user?: { readonly id: string; readonly name: string };
}

/** Whether messages can be sent in this state. */
export function canSend(state: BotState): boolean {
  return state.name === 'logged-in' || state.name === 'ready';
}
