/** Pictures of people, remembered for a while. */
import QuickLRU from 'quick-lru';
import type { Bot } from '../bot/bot';
import { fileOf } from '../commands/content/file-output';

/** A larger picture is no face, in bytes. */
const largest = 1024 * 1024;

/** Faces are kept for an hour, and only small ones. */
const remembered = { count: 200, bytes: 100 * 1024, ms: 3_600_000 };

const faces = new QuickLRU<string, Buffer>({ maxSize: remembered.count, maxAge: remembered.ms });

/** The picture of a contact. In the simulated WeChat it is drawn, and may change. @throws WechatError */
export async function faceOf(bot: Bot, contactId: string): Promise<Buffer> {
  const key = `${bot.id} ${contactId}`;
  const known = bot.settings.puppet === 'simulator' ? undefined : faces.get(key);
  if (known) return known;
  const account = bot.account();
  const { data } = await fileOf(
    account,
    'contactAvatar',
    (puppet) => puppet.contactAvatar(contactId),
    largest,
  );
  if (data.length <= remembered.bytes) faces.set(key, data);
  return data;
}
