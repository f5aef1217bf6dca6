import { types } from 'wechaty-puppet';

/** The status of a QR code. */
export const ScanStatus = types.ScanStatus;

/** The status in a `scan` event; Unknown for any other value. */
export function toScanStatus(value: unknown): types.ScanStatus {
  const known = [
    ScanStatus.Cancel,
    ScanStatus.Waiting,
    ScanStatus.Scanned,
    ScanStatus.Confirmed,
    ScanStatus.Timeout,
  ].find((status) => (status as number) === value);
  return known ?? ScanStatus.Unknown;
}

/**
 * What a `scan` event says: a phone has scanned the code, shows digits that must be typed here (as `data` of our own
 * puppet says), or a code is to be shown; undefined for anything else.
 */
export function parseScan(fields: {
  readonly status?: unknown;
  readonly qrcode?: unknown;
  readonly data?: unknown;
}): 'scanned' | 'digits' | 'digits-wrong' | { readonly url: string } | undefined {
  const status = toScanStatus(fields.status);
  if (fields.data === 'verify-code') return 'digits';
  if (fields.data === 'verify-code-wrong') return 'digits-wrong';
  if (status === ScanStatus.Scanned || status === ScanStatus.Confirmed) return 'scanned';
  if (status === ScanStatus.Timeout || status === ScanStatus.Cancel) return undefined;
  const { qrcode: url } = fields;
  return typeof url === 'string' && url !== '' ? { url } : undefined;
}
