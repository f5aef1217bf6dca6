/**
 * What PadChat's clients want to keep and Wechaty does not have: the data of a simulated device, a token for the next
 * login, the number of an account. Each is made from the bot's or the account's id, so that it is the same in every
 * life, and worth nothing to whoever finds it: logins go on with the session that the bot keeps on disk.
 */
import { createHash } from 'node:crypto';

function digest(...parts: readonly string[]): Buffer {
  return createHash('sha512').update(JSON.stringify(parts)).digest();
}

/** The parameters of a device (the PadChat document, 获取登陆设备参数). */
export interface Device {
  readonly deviceName: string;
  readonly deviceUuid: string;
  readonly deviceWifiName: string;
  readonly deviceWifiMac: string;
  readonly deviceData: string;
}

/** The device of a bot, unless its client brings one. */
export function deviceOf(botId: string): Device {
  const bytes = digest('padchat device', botId);
  const hex = bytes.toString('hex').toUpperCase();
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  // Locally administered and no group, as a MAC address of nobody is.
  const mac = [((bytes[32] ?? 0) & 0xfc) | 0x02, ...bytes.subarray(33, 38)];
  return {
    deviceName: 'iPad',
    deviceUuid: uuid.join('-'),
    deviceWifiName: `WiFi-${hex.slice(80, 84)}`,
    deviceWifiMac: mac.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':'),
    deviceData: bytes.toString('base64'),
  };
}

/** The token a client is given for the next login of an account. */
export function loginTokenOf(botId: string, userId: string): string {
  return digest('padchat token', botId, userId).toString('base64');
}

/** The number of an account, which WeChat has and Wechaty does not tell: of 31 bits, never 0. */
export function uinOf(userId: string): number {
  return userId === '' ? 0 : (digest('uin', userId).readUInt32BE(0) >>> 1) | 1;
}
