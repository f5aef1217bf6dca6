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
