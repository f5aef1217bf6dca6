/**
 * One account, one bot: two bots on the same session or token would throw each other out of WeChat for ever.
 * Whoever claims first keeps the claim until it releases it.
 */
import { createHash } from 'node:crypto';
import { WechatError } from '../errors';

interface Owner {
  readonly id: string;
  readonly name: string;
}

const owners = new Map<string, Owner>();

/**
 * Claims a session file and, where there is one, a token.
 * @returns releases what was claimed; may be called more than once.
 * @throws WechatError REFUSED, naming the other bot, when either is taken.
 */
export function claim(owner: Owner, session: string, token: string | undefined): () => void {
  const wanted: { key: string; taken: 'sessionClaimed' | 'tokenClaimed' }[] = [
    { key: `session:${session}`, taken: 'sessionClaimed' },
  ];
  if (token) {
    // Hashed, so that a heap dump or a debugger does not show one more copy of it.
    wanted.push({ key: `token:${createHash('sha256').update(token).digest('hex')}`, taken: 'tokenClaimed' });
  }
  for (const { key, taken } of wanted) {
    const other = owners.get(key);
    if (other) throw new WechatError('REFUSED', taken, { owner: other.name || other.id });
  }
  for (const { key } of wanted) owners.set(key, owner);
  return () => {
    for (const { key } of wanted) if (owners.get(key) === owner) owners.delete(key);
  };
}
