import type { ErrorKey, StatusKey, TextValues } from '../i18n/catalogue';

/**
 * Where a bot is:
 * - `stopped` nobody wants it to run
 * - `starting` the puppet is being started
 * - `login-required` someone must ask for a login
 * - `scanning` a QR code waits for a phone
 * - `logged-in` messages go in and out; contacts may still be loading
 * - `ready` everything is loaded
 * - `restarting` something broke; it starts again by itself
 * - `failed` it cannot start until someone changes its settings
 */
export type BotStateName =
  'stopped' | 'starting' | 'login-required' | 'scanning' | 'logged-in' | 'ready' | 'restarting' | 'failed';

/** A state and why; the reason is a text a person can act on. */
export interface BotState {
  readonly name: BotStateName;
  readonly reason: {
    readonly key: StatusKey;
    readonly values: TextValues;
    /** The error behind it, where it is one of ours and can be translated; `values.error` has it in English. */
    readonly cause?: { readonly key: ErrorKey; readonly values: TextValues };
  };
  /** Since when, in ms since 1970. */
  readonly since: number;
  /** Who is logged in. */
  readonly user?: { readonly id: string; readonly name: string };
}

/** Whether messages can be sent in this state. */
export function canSend(state: BotState): boolean {
  return state.name === 'logged-in' || state.name === 'ready';
}
