/** Constant-time comparison of secrets. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const hmacKey = randomBytes(32);

function digest(text: string): Buffer {
  return createHmac('sha256', hmacKey).update(text).digest();
}

/**
 * The index of a candidate among secrets, -1 when there is none. The duration depends neither on the candidate nor on
 * the secret it equals. An empty secret equals nothing.
 */
export function indexOfSecret(secrets: readonly string[], candidate: unknown): number {
  const isString = typeof candidate === 'string';
  const actual = digest(isString ? candidate : '');
  const matches = secrets.map((secret) => timingSafeEqual(digest(secret), actual) && secret !== '');
  return isString ? matches.indexOf(true) : -1;
}
