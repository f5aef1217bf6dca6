import { createHash } from 'node:crypto';

import { types } from 'wechaty-puppet';

import type { ClientChannel } from './client-channel';

const sessionFormat = /^[0-9a-f]{64}$/;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The server side of a login: QR codes and sessions. */
export class LoginService {
  #qrCode: string | undefined;
  #isScanned = false;
  #qrCodeCount = 0;
  #sessionCount = 0;
  #currentSession: string | undefined;
  readonly #revoked = new Set<string>();

  constructor(
    readonly userId: string,
    readonly channel: ClientChannel,
  ) {}

  /** The QR code that is shown, or undefined. */
  get qrCode(): string | undefined {
    return this.#qrCode;
  }

  /** Whether the phone has scanned the code and must still confirm. */
  get isScanned(): boolean {
    return this.#qrCode !== undefined && this.#isScanned;
  }

  /** Shows a new QR code to the connected puppet. */
  showQrCode(): void {
    const token = digest(`${this.userId} qr code ${++this.#qrCodeCount}`).slice(0, 12);
    this.#isScanned = false;
    this.#qrCode = `https://login.weixin.qq.com/l/${token}==`;
    this.channel.client?.showScan({ status: types.ScanStatus.Waiting, qrcode: this.#qrCode });
  }

  /** Removes the QR code without an event, because its puppet has disconnected. */
  clearQrCode(): void {
    this.#qrCode = undefined;
  }

  /** The QR code expires and is replaced by a new one. */
  expireQrCode(): void {
    const qrcode = this.#requireQrCode();
    this.channel.client?.showScan({ status: types.ScanStatus.Timeout, qrcode });
    this.showQrCode();
  }

  /** The phone scans the QR code, which then needs a confirmation. Idempotent. */
  scan(): void {
    this.#requireQrCode();
    if (this.#isScanned) {
      return;
    }
    this.#isScanned = true;
    this.channel.client?.showScan({ status: types.ScanStatus.Scanned });
  }

  /** The phone confirms the scanned code. Resolves when the puppet is logged in. */
  async confirm(): Promise<void> {
    this.#requireQrCode();
    if (!this.#isScanned) {
      throw new Error('the QR code was not scanned yet, so there is nothing to confirm');
    }
    const { client } = this.channel;
    this.#qrCode = undefined;
    client?.showScan({ status: types.ScanStatus.Confirmed });
    this.#currentSession = this.#newSession();
    await client?.logIn(this.#currentSession);
  }

  /**
   * Whether a stored session logs in without a scan. A new simulation has no sessions yet, so it accepts any well-formed
   * one that it has not revoked: after a restart of the process a bot stays logged in.
   */
  acceptsSession(userId: unknown, session: unknown): boolean {
    if (userId !== this.userId || typeof session !== 'string' || !sessionFormat.test(session)) {
      return false;
    }
    if (
      this.#revoked.has(session) ||
      (this.#currentSession !== undefined && this.#currentSession !== session)
    ) {
      return false;
    }
    this.#currentSession = session;
    return true;
  }

  /** Revokes the current session. */
  endSession(): void {
    if (this.#currentSession !== undefined) {
      this.#revoked.add(this.#currentSession);
      this.#currentSession = undefined;
    }
  }

  #newSession(): string {
    this.endSession();
    let session: string;
    do {
      session = digest(`${this.userId} session ${++this.#sessionCount}`);
    } while (this.#revoked.has(session));
    return session;
  }

  #requireQrCode(): string {
    if (this.#qrCode === undefined) {
      throw new Error('no QR code is shown: start a bot with the option login "scan", not logged in yet');
    }
    return this.#qrCode;
  }
}
