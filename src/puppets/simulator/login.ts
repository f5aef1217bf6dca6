import { createHash } from 'node:crypto';

import { types } from 'wechaty-puppet';

import type { Wire } from './client-channel';

const sessionFormat = /^[0-9a-f]{64}$/;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** WeChat's side of logging in: QR codes and sessions. */
export class LoginDesk {
  #qrCode: string | undefined;
  #isScanned = false;
  #qrCodes = 0;
  #sessions = 0;
  #current: string | undefined;
  readonly #revoked = new Set<string>();

  constructor(
    readonly userId: string,
    readonly wire: Wire,
  ) {}

  /** The QR code that waits to be scanned, or undefined. */
  get qrCode(): string | undefined {
    return this.#qrCode;
  }

  /** Whether the phone has scanned the code that waits, and must still confirm. */
  get isScanned(): boolean {
    return this.#qrCode !== undefined && this.#isScanned;
  }

  /** Shows a new QR code to the connected puppet. */
  offerQrCode(): void {
    const token = digest(`${this.userId} qr code ${++this.#qrCodes}`).slice(0, 12);
    this.#isScanned = false;
    this.#qrCode = `https://login.weixin.qq.com/l/${token}==`;
    this.wire.client?.showScan({ status: types.ScanStatus.Waiting, qrcode: this.#qrCode });
  }

  /** Takes the QR code down without a word, because the puppet that showed it is gone. */
  withdrawQrCode(): void {
    this.#qrCode = undefined;
  }

  /** The QR code runs out and is replaced by a new one. */
  expireQrCode(): void {
    const qrcode = this.#shownQrCode();
    this.wire.client?.showScan({ status: types.ScanStatus.Timeout, qrcode });
    this.offerQrCode();
  }

  /** The phone scans the QR code, which waits for the confirmation from now on; once more changes nothing. */
  scan(): void {
    this.#shownQrCode();
    if (this.#isScanned) {
      return;
    }
    this.#isScanned = true;
    this.wire.client?.showScan({ status: types.ScanStatus.Scanned });
  }

  /** The phone confirms what it has scanned. Resolves once the puppet is logged in. */
  async confirm(): Promise<void> {
    this.#shownQrCode();
    if (!this.#isScanned) {
      throw new Error('the QR code was not scanned yet, so there is nothing to confirm');
    }
    const { client } = this.wire;
    this.#qrCode = undefined;
    client?.showScan({ status: types.ScanStatus.Confirmed });
    this.#current = this.#newSession();
    await client?.logIn(this.#current);
  }

  /**
   * Whether a stored session logs in without a scan. A world that has just begun knows no sessions, so it takes any
   * that looks right and was not ended here: a bot that is killed and started again stays logged in.
   */
  accepts(userId: unknown, session: unknown): boolean {
    if (userId !== this.userId || typeof session !== 'string' || !sessionFormat.test(session)) {
      return false;
    }
    if (this.#revoked.has(session) || (this.#current !== undefined && this.#current !== session)) {
      return false;
    }
    this.#current = session;
    return true;
  }

  /** Makes the session that is in use useless. */
  endSession(): void {
    if (this.#current !== undefined) {
      this.#revoked.add(this.#current);
      this.#current = undefined;
    }
  }

  #newSession(): string {
    this.endSession();
    let session: string;
    do {
      session = digest(`${this.userId} session ${++this.#sessions}`);
    } while (this.#revoked.has(session));
    return session;
  }

  #shownQrCode(): string {
    if (this.#qrCode === undefined) {
      throw new Error('no QR code is shown: start a bot with the option login "scan", not logged in yet');
    }
    return this.#qrCode;
  }
}
