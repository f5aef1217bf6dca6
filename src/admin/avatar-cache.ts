/** A cache of avatars. */
import QuickLRU from 'quick-lru';
import type { Bot } from '../bot/bot';
import { readFileBox } from '../commands/content/file-output';

/** Maximum avatar size, in bytes. */
const maxAvatarBytes = 1024 * 1024;

/** Limits of the cache: entries, bytes per entry, age in ms. */
const cacheLimits = { count: 200, bytes: 100 * 1024, ageMs: 3_600_000 };

const avatars = new QuickLRU<string, Buffer>({ maxSize: cacheLimits.count, maxAge: cacheLimits.ageMs });

/** Loads the avatar of a contact; simulated ones are not cached, because they can be changed. @throws WechatError */
export async function loadAvatar(bot: Bot, contactId: string): Promise<Buffer> {
  const key = `${bot.id} ${contactId}`;
  const cached = bot.settings.puppet === 'simulator' ? undefined : avatars.get(key);
  if (cached) return cached;
  const account = bot.account();
  const { data } = await readFileBox(
    account,
    'contactAvatar',
    (puppet) => puppet.contactAvatar(contactId),
    maxAvatarBytes,
  );
  if (data.length <= cacheLimits.bytes) avatars.set(key, data);
  return data;
}
