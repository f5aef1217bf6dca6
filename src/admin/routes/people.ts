/** Routes of bots that people join by scanning a QR code: who is connected, and invitations. */
import { WechatError } from '../../bot/errors';
import { extrasOf } from '../../bot/session/puppet-extras';
import type { InvitationSummary, PersonSummary } from '../api-types';
import { requireBot, type Route } from '../route';

/** The routes. */
export function peopleRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/wechat/bots/:id/people',
      permission: 'read',
      handler: (call): PersonSummary[] => {
        const { bot } = requireBot(call);
        const people = extrasOf(bot.account().puppet).people?.();
        if (!people) throw new WechatError('FAILED', 'nobodyJoins', { puppet: bot.settings.puppet });
        return people;
      },
    },
    {
      method: 'POST',
      path: '/wechat/bots/:id/invitations',
      // The QR code lets its reader write to the bot.
      permission: 'write',
      handler: (call): Promise<InvitationSummary> => requireBot(call).run('invitationCreate', {}, {}),
    },
    {
      method: 'POST',
      path: '/wechat/bots/:id/people/:contact/alias',
      permission: 'write',
      handler: (call): Promise<{ id: string }> => {
        const { contact = '' } = call.params;
        const { alias } = (call.body ?? {}) as { alias?: unknown };
        if (typeof alias !== 'string' || alias.length > 100)
          throw new WechatError('INVALID_PARAMS', 'badBody', { problem: 'alias' });
        return requireBot(call).run('contactAliasSet', { id: contact, alias }, {});
      },
    },
  ];
}
