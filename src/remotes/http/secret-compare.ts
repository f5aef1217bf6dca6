/** Constant-time comparison of secrets. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const hmacKey = randomBytes(32);

function digest(text: string): Buffer {
  return createHmac('sha256', hmacKey).update(text).digest();
}

/** Compares in constant time, whatever the candidate is. An empty secret equals nothing. */
export function isSecretEqual(secret: string, candidate: unknown): boolean {
  const isString = typeof candidate === 'string';
  const isSame = timingSafeEqual(digest(secret), digest(isString ? candidate : ''));
  return isSame && isString && secret !== '';
}
