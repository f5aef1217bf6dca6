/** QR codes: what the phone does with them, and what a poll is told. */
import { randomBytes } from 'node:crypto';
import type { VirtualClock } from './clock';

/** After this the server expires a code (seen on the live service, issue 252 of Tencent/openclaw-weixin). */
export const codeLifetimeMs = 120_000;

/** Wrong digits before a code is blocked. */
const maxWrongCodes = 3;

/** The status of a code, with the fields that go with it. */
export type LoginStatus =
  | {
      readonly status:
        'wait' | 'scaned' | 'need_verifycode' | 'expired' | 'verify_code_blocked' | 'binded_redirect';
    }
  | { readonly status: 'scaned_but_redirect'; readonly redirect_host: string }
  | {
      readonly status: 'confirmed';
      readonly bot_token: string;
      readonly ilink_bot_id: string;
      readonly ilink_user_id: string;
      readonly baseurl: string;
    };

/** How a phone answers a code. */
export interface ScanOptions {
  /** The digits that the phone shows, to be typed on the other side. */
  readonly digits?: string;
  /** The host on which the login goes on. */
  readonly redirectHost?: string;
}

/** One QR code. */
export class LoginCode {
  readonly qrcode = randomBytes(16).toString('hex');
  readonly url = `https://liteapp.weixin.qq.com/q/${this.qrcode.slice(0, 6)}?qrcode=${this.qrcode}&bot_type=3`;
  readonly localTokens: readonly string[];
  readonly clientVersion: number;
  /** The person whose phone has scanned it. */
  scannedBy: string | undefined;
  readonly #clock: VirtualClock;
  readonly #createdAt: number;
  readonly #onChange: () => void;
  #status: LoginStatus = { status: 'wait' };
  #digits: string | undefined;
  #wrongCodes = 0;
  #redirectHost: string | undefined;
  /** The last status that a poll was told. */
  #told = 'wait';

  constructor(
    localTokens: readonly string[],
    clientVersion: number,
    clock: VirtualClock,
    onChange: () => void,
  ) {
    this.localTokens = localTokens;
    this.clientVersion = clientVersion;
    this.#clock = clock;
    this.#createdAt = clock.now();
    this.#onChange = onChange;
    clock.after(codeLifetimeMs, onChange);
  }

  get isOver(): boolean {
    return ['confirmed', 'binded_redirect', 'expired', 'verify_code_blocked'].includes(
      this.#current().status,
    );
  }

  /** A phone scans the code. @throws Error when it is no longer valid. */
  scan(userId: string, { digits, redirectHost }: ScanOptions): void {
    if (this.isOver) throw new Error('The QR code has expired.');
    this.scannedBy = userId;
    this.#digits = digits;
    this.#redirectHost = redirectHost;
    this.#set({ status: digits === undefined ? 'scaned' : 'need_verifycode' });
  }

  /** The person confirms, or the code is over for another reason. */
  finish(status: LoginStatus): void {
    this.#set(status);
  }

  /** Whether a poll has nothing new to tell. */
  shouldHold(host: string, verifyCode: string | null): boolean {
    return verifyCode === null && this.#seenFrom(host).status === this.#told;
  }

  /** The answer to a poll that arrived at `host` with the digits that were typed, if any. */
  tell(host: string, verifyCode: string | null): LoginStatus {
    if (verifyCode !== null && this.#current().status === 'need_verifycode') this.#check(verifyCode);
    const status = this.#seenFrom(host);
    this.#told = status.status;
    return status;
  }

  #check(verifyCode: string): void {
    if (verifyCode === this.#digits) this.#status = { status: 'scaned' };
    else {
      this.#wrongCodes += 1;
      if (this.#wrongCodes >= maxWrongCodes) this.#status = { status: 'verify_code_blocked' };
    }
  }

  #seenFrom(host: string): LoginStatus {
    const current = this.#current();
    const isElsewhere = this.#redirectHost !== undefined && host !== this.#redirectHost;
    const goesOn = !['wait', 'expired'].includes(current.status);
    return isElsewhere && goesOn
      ? { status: 'scaned_but_redirect', redirect_host: this.#redirectHost ?? '' }
      : current;
  }

  #current(): LoginStatus {
    const isPending = !['confirmed', 'binded_redirect', 'verify_code_blocked'].includes(this.#status.status);
    if (isPending && this.#clock.now() - this.#createdAt >= codeLifetimeMs) return { status: 'expired' };
    return this.#status;
  }

  #set(status: LoginStatus): void {
    this.#status = status;
    this.#onChange();
  }
}
