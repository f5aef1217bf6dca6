/**
 * Checksums of stored records: LevelDB has checksums of its own but does not compare them when it reads. A value is
 * stored behind the CRC-32 of its key and itself, in 8 hexadecimal digits.
 */
import { crc32 } from 'node:zlib';

/** Number of characters before the value. */
export const checksumLength = 8;

/** The checksum of texts or bytes, as if they were one. */
export function checksumOf(...parts: readonly (string | Uint8Array)[]): string {
  const sum = parts.reduce((value, part) => crc32(part, value), 0);
  return sum.toString(16).padStart(checksumLength, '0');
}

/** The record to store for a value. */
export function sealRecord(key: string, value: string): string {
  return checksumOf(key, value) + value;
}

/** The value of a stored record; `undefined` when it is damaged. */
export function openRecord(key: string, record: string): string | undefined {
  const value = record.slice(checksumLength);
  return record.slice(0, checksumLength) === checksumOf(key, value) ? value : undefined;
}
