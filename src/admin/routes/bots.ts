/** The bots, their login, and what can be asked of them. */
import type { NodeAPI } from 'node-red';
import type { Bot } from '../../bot/bot';
import type { StatusKey } from '../../i18n/catalogue';
import { activityOf } from '../../nodes/runtime/activity-log';
import { deployedBots } from '../../nodes/runtime/bot-registry';
import { translateState } from '../../nodes/runtime/translate';
import { avatarPath } from './avatar';
import { botOf, type Route } from '../route';

/** A bot as the editor shows it. */
export function botSummary(RED: NodeAPI, bot: Bot): object {
  const { name, user } = bot.state;
  return {
    id: bot.id,
    name: bot.name,
    puppet: bot.settings.puppet,
    state: name,
    reason: translateState(RED, bot.state),
    since: bot.state.since,
    user: user ? { ...user, ...avatarPath(bot, user.id, user.id) } : null,
    waiting: bot.waiting,
    received: activityOf(bot.id).received,
    sent: activityOf(bot.id).sent,
  };
}

const loginStatuses: Partial<Record<StatusKey, string>> = {
  scanQr: 'waiting',
  confirmOnPhone: 'scanned',
  qrExpired: 'expired',
  loggedOut: 'logged-out',
  loggedIn: 'done',
  ready: 'done',
};

/** How far a login is; nothing while the bot is not about to log in. */
function loginStatus({ state }: Bot): { status?: string } {
  const status = loginStatuses[state.reason.key];
  return status === undefined ? {} : { status };
}

const actions: Readonly<Record<string, (bot: Bot) => unknown>> = {
  start: (bot) => {
    bot.start();
  },
  stop: (bot) => bot.stop(),
  login: (bot) => {
    bot.login();
  },
  logout: (bot) => bot.logout(),
};

/** Lists bots, shows their QR codes and steers them. */
export function botRoutes(RED: NodeAPI): Route[] {
  return [
    {
      method: 'GET',
      path: '/wechat/bots',
      permission: 'read',
      answer: () => deployedBots().map(({ bot }) => botSummary(RED, bot)),
    },
    {
      method: 'GET',
      path: '/wechat/bots/:id/login',
      // Whoever can see the code can log in to the account: that is steering the bot, not looking at it.
      permission: 'write',
      answer: (call) => {
        const { bot } = botOf(call);
        return { ...botSummary(RED, bot), ...bot.qrCode, ...loginStatus(bot) };
      },
    },
    ...Object.entries(actions).map(([name, act]): Route => ({
      method: 'POST',
      path: `/wechat/bots/:id/${name}`,
      permission: 'write',
      answer: async (call) => {
        const { bot } = botOf(call);
        await act(bot);
        return botSummary(RED, bot);
      },
    })),
  ];
}
