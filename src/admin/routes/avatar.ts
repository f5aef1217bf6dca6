/** Faces, as far as the puppet has pictures of them. */
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import { loadEngine } from '../../nodes/runtime/load-modules';
import { botOf, type Call, type Route } from '../route';
import { pictureType } from '../world-view';

/**
 * Where the picture of a contact is, as a field to be put into an answer; nothing where there is none. People of the
 * simulated WeChat have a drawn one unless they set another, and editors draw better.
 */
export function avatarPath(bot: Bot, contactId: string, avatar: string | undefined): { avatar?: string } {
  if (!avatar || !hasPicture(bot, contactId)) return {};
  return { avatar: `wechat/bots/${encodeURIComponent(bot.id)}/avatar/${encodeURIComponent(contactId)}` };
}

function hasPicture(bot: Bot, contactId: string): boolean {
  if (bot.settings.puppet !== 'simulator') return true;
  const people = loadEngine().worldOf(bot.id)?.wechat.people;
  return people?.has(contactId) === true && people.get(contactId).avatar !== undefined;
}

async function avatar(call: Call): Promise<undefined> {
  const { bot } = botOf(call);
  const { contact = '' } = call.params;
  if (!hasPicture(bot, contact)) throw new WechatError('NOT_FOUND', 'contactNotFound', { query: contact });
  const data = await loadEngine().faceOf(bot, contact);
  const type = pictureType(data);
  if (!type) throw new WechatError('NOT_FOUND', 'contactNotFound', { query: contact });
  call.response
    .set({
      'Content-Type': type,
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, max-age=600',
    })
    .end(data);
  return undefined;
}

/** Shows faces. */
export function avatarRoutes(): Route[] {
  return [{ method: 'GET', path: '/wechat/bots/:id/avatar/:contact', permission: 'read', answer: avatar }];
}
