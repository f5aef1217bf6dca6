import { types } from 'wechaty-puppet';

/** What happens to a QR code. */
export const ScanStatus = types.ScanStatus;

/** The status in a `scan` event; Unknown for anything that is none. */
export function scanStatus(value: unknown): types.ScanStatus {
  const known = [
    ScanStatus.Cancel,
    ScanStatus.Waiting,
    ScanStatus.Scanned,
    ScanStatus.Confirmed,
    ScanStatus.Timeout,
  ].find((status) => (status as number) === value);
  return known ?? ScanStatus.Unknown;
}
