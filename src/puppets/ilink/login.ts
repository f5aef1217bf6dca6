/** One QR code from its display to its end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { IlinkClient } from './client/ilink-client';
import type { LoginCode } from './client/wire-types';
import type { Binding } from './bindings/records';

/** Between two polls, as in Tencent's client. */
const pollGapMs = 1_000;

/** After this the service expires a code (issue 252 of Tencent/openclaw-weixin). */
export const codeLifetimeMs = 120_000;

/** What has become of a QR code. */
export type LoginResult =
  | { readonly outcome: 'confirmed'; readonly binding: Binding }
  /** The person's token is one of those that the code was asked for with. */
  | { readonly outcome: 'already-bound' }
  | { readonly outcome: 'expired' }
  /** Too many wrong digits. */
  | { readonly outcome: 'blocked' };

/** What happens in between. */
export interface LoginHooks {
  /** A phone has scanned the code, and its owner must still confirm. */
  onScanned(): void;
  /**
   * The phone shows digits. @param isWrong whether those given before were wrong
   * @returns the digits; undefined when nobody has typed any
   */
  verifyCode(isWrong: boolean, signal: AbortSignal): Promise<string | undefined>;
  /** In ms since 1970. */
  now(): number;
}

/**
 * Follows a QR code to its end.
 * @throws Error when `signal` aborts, or when WeChat's answer cannot be trusted.
 */
export async function followCode(
  client: IlinkClient,
  code: LoginCode,
  hooks: LoginHooks,
  signal: AbortSignal,
): Promise<LoginResult> {
  let host: URL | undefined;
  let verifyCode: string | undefined;
  let isScanned = false;
  for (;;) {
    const answer = await client.pollCode(code, { host, verifyCode, signal });
    switch (answer.status) {
      case 'confirmed': {
        const { credentials, botId, userId } = answer;
        return { outcome: 'confirmed', binding: { ...credentials, botId, userId, boundAt: hooks.now() } };
      }
      case 'binded_redirect':
        return { outcome: 'already-bound' };
      case 'expired':
        return { outcome: 'expired' };
      case 'verify_code_blocked':
        return { outcome: 'blocked' };
      case 'need_verifycode':
        verifyCode = await hooks.verifyCode(verifyCode !== undefined, signal);
        // At once: the person is waiting.
        if (verifyCode !== undefined) continue;
        break;
      case 'scaned_but_redirect':
        if (answer.host !== '') host = client.guard.checkHost(answer.host);
        break;
      case 'scaned':
        verifyCode = undefined;
        if (!isScanned) hooks.onScanned();
        isScanned = true;
        break;
      case 'wait':
        break;
    }
    await delay(pollGapMs, undefined, { signal });
  }
}

/** Digits that are awaited from a person at a form. */
export class VerifyCodePrompt {
  #answer: ((code: string | undefined) => void) | undefined;

  /** Whether digits are awaited. */
  get isOpen(): boolean {
    return this.#answer !== undefined;
  }

  /** Gives the digits. @returns whether they were awaited */
  submit(code: string): boolean {
    const answer = this.#answer;
    answer?.(code);
    return answer !== undefined;
  }

  /** Waits for digits; undefined when the code's time is over. */
  async wait(signal: AbortSignal): Promise<string | undefined> {
    try {
      return await new Promise<string | undefined>((resolve) => {
        this.#answer = resolve;
        const giveUp = (): void => {
          resolve(undefined);
        };
        delay(codeLifetimeMs, undefined, { signal }).then(giveUp, giveUp);
      });
    } finally {
      this.#answer = undefined;
    }
  }
}
