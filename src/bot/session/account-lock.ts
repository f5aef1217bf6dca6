/**
 * Process-wide exclusive locks of accounts: two bots with the same session or token would log each other out of WeChat
 * forever.
 */
import { createHash } from 'node:crypto';
import { WechatError } from '../errors';

interface LockHolder {
  readonly id: string;
  readonly name: string;
}

const holders = new Map<string, LockHolder>();

/**
 * Locks a session file and, if there is one, a token.
 * @returns releases the lock; idempotent.
 * @throws WechatError REFUSED, with the name of the other bot, when either is locked.
 */
export function acquireAccountLock(
  holder: LockHolder,
  session: string,
  token: string | undefined,
): () => void {
  const locks: { key: string; errorKey: 'sessionClaimed' | 'tokenClaimed' }[] = [
    { key: `session:${session}`, errorKey: 'sessionClaimed' },
  ];
  if (token) {
    // Hashed, so that a heap dump or a debugger does not show one more copy of it.
    const hash = createHash('sha256').update(token).digest('hex');
    locks.push({ key: `token:${hash}`, errorKey: 'tokenClaimed' });
  }
  for (const { key, errorKey } of locks) {
    const other = holders.get(key);
    if (other) throw new WechatError('REFUSED', errorKey, { owner: other.name || other.id });
  }
  for (const { key } of locks) holders.set(key, holder);
  return () => {
    for (const { key } of locks) if (holders.get(key) === holder) holders.delete(key);
  };
}
