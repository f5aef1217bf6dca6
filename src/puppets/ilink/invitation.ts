/** Invitations: QR codes for more people. */

/** A QR code for one more person. */
export interface Invitation {
  readonly id: string;
  /** To be drawn as a QR code. */
  readonly url: string;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/** What becomes of an invitation. `digits`: the phone shows digits, which `submitVerifyCode` takes. */
export interface InvitationChange {
  readonly id: string;
  readonly state: 'scanned' | 'digits' | 'digits-wrong' | 'joined' | 'already-joined' | 'expired' | 'failed';
  /** Who has joined. */
  readonly userId?: string;
  readonly error?: string;
}
