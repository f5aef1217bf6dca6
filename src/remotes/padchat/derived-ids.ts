/**
 * Derives ids that PadChat's clients store and Wechaty does not have: device data, a token for the next login, the
 * numbers of accounts, labels and comments. Each is a hash of what it stands for, so that it survives restarts and is
 * no secret: logins use the session that the bot keeps on disk.
 */
import { createHash } from 'node:crypto';

function digest(...parts: readonly string[]): Buffer {
  return createHash('sha512').update(JSON.stringify(parts)).digest();
}

/** Device parameters (the PadChat document, 获取登陆设备参数). */
export interface Device {
  readonly deviceName: string;
  readonly deviceUuid: string;
  readonly deviceWifiName: string;
  readonly deviceWifiMac: string;
  readonly deviceData: string;
}

/** The default device of a bot. */
export function deviceIdsOf(botId: string): Device {
  const bytes = digest('padchat device', botId);
  const hex = bytes.toString('hex').toUpperCase();
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  // Locally administered unicast: a MAC address that no hardware has.
  const mac = [((bytes[32] ?? 0) & 0xfc) | 0x02, ...bytes.subarray(33, 38)];
  return {
    deviceName: 'iPad',
    deviceUuid: uuid.join('-'),
    deviceWifiName: `WiFi-${hex.slice(80, 84)}`,
    deviceWifiMac: mac.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':'),
    deviceData: bytes.toString('base64'),
  };
}

/** The token for the next login of an account. */
export function loginTokenOf(botId: string, userId: string): string {
  return digest('padchat token', botId, userId).toString('base64');
}

/** A number of 31 bits, never 0. */
function numberOf(kind: string, id: string): number {
  return (digest(kind, id).readUInt32BE(0) >>> 1) | 1;
}

/** WeChat's number of an account, which Wechaty does not expose: never 0 for a real account. */
export function uinOf(userId: string): number {
  return userId === '' ? 0 : numberOf('uin', userId);
}

/** PadChat's number of a label, which Wechaty knows by its name only. */
export function labelIdOf(name: string): number {
  return numberOf('padchat label', name);
}

/** PadChat's number of a comment on a moment, or of a like. */
export function commentIdOf(id: string): number {
  return numberOf('padchat comment', id);
}
