/** The part of the admin API that the editor needs: bots, their login, and what they can be told and tell. */
import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import type { Bot } from '../../bot/bot';
import { botById, deployedBots } from '../runtime/bot-node';
import { loadEngine } from '../runtime/load-engine';
import { translateError, translateState } from '../runtime/texts';

/** A bot as the editor shows it. */
function summary(RED: NodeAPI, bot: Bot): object {
  const { name, user } = bot.state;
  return {
    id: bot.id,
    name: bot.name,
    puppet: bot.settings.puppet,
    state: name,
    reason: translateState(RED, bot.state),
    since: bot.state.since,
    user: user ?? null,
    waiting: bot.waiting,
  };
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

/** Serves the routes under `wechat/`, each only to those who may. */
export function serveBots(RED: NodeAPI): void {
  const mayRead = RED.auth.needsPermission('wechat.read');
  const mayWrite = RED.auth.needsPermission('wechat.write');

  RED.httpAdmin.get('/wechat/bots', mayRead, (_request: Request, response: Response) => {
    response.json(deployedBots().map(({ bot }) => summary(RED, bot)));
  });

  // Whoever can see the code can log in to the account: that is steering the bot, not looking at it.
  RED.httpAdmin.get(
    '/wechat/bots/:id/login',
    mayWrite,
    (request: Request<{ id: string }>, response: Response) => {
      const bot = botById(request.params.id)?.bot;
      if (!bot) {
        response.sendStatus(404);
        return;
      }
      response.set('Cache-Control', 'no-store').json({ ...summary(RED, bot), ...bot.qrCode });
    },
  );

  RED.httpAdmin.post(
    '/wechat/bots/:id/:action',
    mayWrite,
    (request: Request<{ id: string; action: string }>, response: Response) => {
      const bot = botById(request.params.id)?.bot;
      const action = Object.hasOwn(actions, request.params.action)
        ? actions[request.params.action]
        : undefined;
      if (!bot || !action) {
        response.sendStatus(404);
        return;
      }
      Promise.resolve()
        .then(() => action(bot))
        .then(
          () => response.json(summary(RED, bot)),
          (error: unknown) => response.status(409).json({ error: translateError(RED, error) }),
        );
    },
  );

  RED.httpAdmin.get('/wechat/events', mayRead, (_request: Request, response: Response) => {
    const { events } = loadEngine();
    response.json(
      Object.entries(events).map(([name, { summary: words, schema }]) => ({ name, summary: words, schema })),
    );
  });

  RED.httpAdmin.get('/wechat/commands', mayRead, (_request: Request, response: Response) => {
    const { commands } = loadEngine();
    response.json(
      commands.map(({ name, summary: words, params, readOnly }) => ({
        name,
        summary: words,
        params,
        readOnly,
      })),
    );
  });
}
