/** Routes for bots: list, login and actions. */
import type { NodeAPI } from 'node-red';
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import type { StatusKey } from '../../i18n/catalogue';
import { activityLogOf } from '../../nodes/runtime/activity-log';
import { deployedBots } from '../../nodes/runtime/bot-registry';
import { translateState } from '../../nodes/runtime/translate';
import type { BotAction, BotLogin, BotSummary, LoginStatus } from '../api-types';
import { loadAdminModules } from '../load-modules';
import { avatarPath } from './avatar';
import { requireBot, type Route } from '../route';

/** Maps a bot to its summary. */
export function botSummary(RED: NodeAPI, bot: Bot): BotSummary {
  const { name, user } = bot.state;
  return {
    id: bot.id,
    name: bot.name,
    puppet: bot.settings.puppet,
    state: name,
    reason: translateState(RED, bot.state),
    since: bot.state.since,
    user: user ? { ...user, ...avatarPath(bot, user.id, user.id) } : null,
    waiting: bot.queuedSends,
    received: activityLogOf(bot.id).received,
    sent: activityLogOf(bot.id).sent,
  };
}

const loginStatusByReason: Partial<Record<StatusKey, LoginStatus>> = {
  scanQr: 'waiting',
  confirmOnPhone: 'scanned',
  typeDigits: 'digits',
  digitsWrong: 'digits-wrong',
  qrExpired: 'expired',
  loggedOut: 'logged-out',
  loggedIn: 'done',
  ready: 'done',
};

/** The progress of a login as a field of a response, or no field. */
function loginStatus({ state }: Bot): Pick<BotLogin, 'status'> {
  const status = loginStatusByReason[state.reason.key];
  return status === undefined ? {} : { status };
}

const actions: Readonly<Record<BotAction, (bot: Bot) => unknown>> = {
  start: (bot) => {
    bot.start();
  },
  stop: (bot) => bot.stop(),
  login: (bot) => {
    bot.login();
  },
  logout: (bot) => bot.logout(),
};

/** The routes of bots. */
export function botRoutes(RED: NodeAPI): Route[] {
  return [
    {
      method: 'GET',
      path: '/wechat/bots',
      permission: 'read',
      handler: (): BotSummary[] => deployedBots().map(({ bot }) => botSummary(RED, bot)),
    },
    {
      method: 'GET',
      path: '/wechat/bots/:id/login',
      // The QR code grants access to the account.
      permission: 'write',
      handler: (call): BotLogin => {
        const { bot } = requireBot(call);
        return { ...botSummary(RED, bot), ...bot.qrCode, ...loginStatus(bot) };
      },
    },
    {
      method: 'POST',
      path: '/wechat/bots/:id/digits',
      permission: 'write',
      handler: (call): BotSummary => {
        const { bot } = requireBot(call);
        const { digits } = loadAdminModules().parseDigits(call.body);
        if (!bot.submitVerifyCode(digits)) throw new WechatError('FAILED', 'noDigitsWanted');
        return botSummary(RED, bot);
      },
    },
    ...Object.entries(actions).map(([name, action]): Route => ({
      method: 'POST',
      path: `/wechat/bots/:id/${name}`,
      permission: 'write',
      handler: async (call) => {
        const { bot } = requireBot(call);
        await action(bot);
        return botSummary(RED, bot);
      },
    })),
  ];
}
