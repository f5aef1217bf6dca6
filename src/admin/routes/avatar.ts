/** The route for avatars. */
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import { isMissing } from '../../bot/session/puppet-capabilities';
import { loadModules } from '../../nodes/runtime/load-modules';
import { loadAdminModules } from '../load-modules';
import { requireBot, type RouteCall, type Route } from '../route';
import { imageMimeType } from '../simulation-view';

/**
 * The URL of a contact's avatar as a field of a response, or no field. A simulated contact has one only after it was
 * set: the editor draws better default avatars than the simulator.
 */
export function avatarPath(bot: Bot, contactId: string, avatar: string | undefined): { avatar?: string } {
  if (!avatar || !hasAvatar(bot, contactId)) return {};
  return { avatar: `wechat/bots/${encodeURIComponent(bot.id)}/avatar/${encodeURIComponent(contactId)}` };
}

function hasAvatar(bot: Bot, contactId: string): boolean {
  const { puppet } = bot.settings;
  if (isMissing(puppet, 'contactAvatar')) return false;
  if (puppet !== 'simulator') return true;
  const contacts = loadModules().findSimulation(bot.id)?.wechat.contacts;
  return contacts?.has(contactId) === true && contacts.get(contactId).avatar !== undefined;
}

async function avatar(call: RouteCall): Promise<undefined> {
  const { bot } = requireBot(call);
  const { contact = '' } = call.params;
  if (!hasAvatar(bot, contact)) throw new WechatError('NOT_FOUND', 'contactNotFound', { query: contact });
  const data = await loadAdminModules().loadAvatar(bot, contact);
  const type = imageMimeType(data);
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

/** The avatar route. */
export function avatarRoutes(): Route[] {
  return [{ method: 'GET', path: '/wechat/bots/:id/avatar/:contact', permission: 'read', handler: avatar }];
}
