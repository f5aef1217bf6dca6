/** AES-128-ECB with PKCS7 padding, as the CDN wants it. */
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** @param key in hex */
export function encrypt(content: Buffer, key: string): Buffer {
  const cipher = createCipheriv('aes-128-ecb', Buffer.from(key, 'hex'), null);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

/** @throws Error when the content was not encrypted with the key */
export function decrypt(content: Buffer, key: string): Buffer {
  const decipher = createDecipheriv('aes-128-ecb', Buffer.from(key, 'hex'), null);
  return Buffer.concat([decipher.update(content), decipher.final()]);
}

/** The size of the ciphertext of `size` bytes. */
export function encryptedSize(size: number): number {
  return Math.ceil((size + 1) / 16) * 16;
}

/** A key as `media.aes_key` has it: base64 of 16 bytes, or of 32 hexadecimal digits. @returns hex; undefined for others */
export function parseKey(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 16) return bytes.toString('hex');
  const text = bytes.toString('latin1');
  return isHexKey(text) ? text : undefined;
}

/** Whether a text is a key in hex. */
export function isHexKey(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}
