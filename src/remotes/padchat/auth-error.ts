import { WechatError } from '../../bot/errors';
import type { AuthResult } from '../http/auth';

/** The error for a key that is not granted; undefined when it is. */
export function authError(result: AuthResult): WechatError | undefined {
  if (result === 'granted') return undefined;
  return new WechatError(result === 'blocked' ? 'RATE_LIMITED' : 'REFUSED', 'authRefused');
}
