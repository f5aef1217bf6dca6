/** The config node `wechat-bot`: owns one bot from deploy to deploy. */
import { join } from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { WechatError } from '../../bot/errors';
import type { RateLimits } from '../../bot/sending/send-queue';
import type { Bot as BotType, BotSettings } from '../../bot/bot';
import { serveAdmin } from '../../admin/admin';
import type { CommandContext } from '../../commands/command';
import { activityLogOf, removeActivityLog } from '../runtime/activity-log';
import { type BotNode, type Caller, registerBot } from '../runtime/bot-registry';
import { registerClose } from '../runtime/close';
import { loadModules } from '../runtime/load-modules';
import { translateError } from '../runtime/translate';
import { readCredentials, readProperties } from '../runtime/read-properties';
import type { ValuesOf } from '../shared/declaration';
import { automaticPaceOf, type BotCredentials, declaration, type } from './properties';

type Properties = ValuesOf<typeof declaration>;

type NewBotNode = Node<BotCredentials>;

function rateLimitsOf({ puppet, minGap, jitter, perMinute }: Properties): RateLimits {
  const automatic = automaticPaceOf(puppet);
  return {
    minGap: minGap ?? automatic.minGap,
    jitter: jitter ?? automatic.jitter,
    perMinute: perMinute ?? automatic.perMinute,
  };
}

/** The settings of a bot; with a `problem`, which the state of the bot shows, the defaults. */
function readSettings(
  saved: NodeDef,
  { credentials }: NewBotNode,
): { properties: Properties; token?: string | undefined; problem?: WechatError } {
  try {
    return { properties: readProperties(saved, declaration), token: readCredentials(credentials).token };
  } catch (error) {
    if (!(error instanceof WechatError)) throw error;
    return { properties: readProperties({ name: saved.name }, declaration), problem: error };
  }
}

export = function (RED: NodeAPI): void {
  function WechatBot(this: NewBotNode, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    const { properties, token, problem } = readSettings(saved, this);
    const modules = loadModules();
    const { Bot, asTyped, eventReaders, simulatorPuppetFor, removeSimulation, flowPolicy } = modules;
    const { ilinkPuppetIn } = modules;
    const { runCommand, runUntrustedCommand } = modules;
    const settings: BotSettings = {
      id: saved.id,
      name: properties.name,
      puppet: properties.puppet,
      options: properties.options,
      rateLimits: rateLimitsOf(properties),
      userDir: RED.settings.userDir ?? process.cwd(),
      ...(token ? { token } : {}),
      ...(problem ? { problem } : {}),
    };
    const bot: BotType = new Bot(settings, {
      events: eventReaders,
      puppets: {
        simulator: simulatorPuppetFor,
        ilink: () => ilinkPuppetIn(join(bot.dataDir, 'ilink')),
      },
      log: (level, message) => {
        if (level === 'info') this.log(message);
        else if (level === 'warn') this.warn(message);
        else this.error(message);
      },
    });
    const log = activityLogOf(bot.id);
    const detachLog = log.attach(bot, (error) => translateError(RED, error));
    const onEvent: BotNode['onEvent'] = (listener) =>
      bot.on('event', (event) => {
        listener(asTyped(event));
      });
    const stateEvent: BotNode['stateEvent'] = () => asTyped(bot.stateEvent);
    onEvent((event) => {
      log.onEvent(event);
    });
    const contextOf = (caller: Caller): CommandContext => ({
      files: flowPolicy,
      translateError: (error) => translateError(RED, error),
      ...caller,
    });
    const runners: Pick<BotNode, 'run' | 'runUntrusted'> = {
      run: (name, params, caller) => runCommand(bot, name, params, contextOf(caller)),
      runUntrusted: (name, params, caller) => runUntrustedCommand(bot, name, params, contextOf(caller)),
    };
    const node: BotNode = Object.assign(this, { bot, onEvent, stateEvent, ...runners });
    const unregisterBot = registerBot(node);
    if (properties.autoStart || problem) bot.start();
    registerClose(RED, this, async (removed) => {
      unregisterBot();
      try {
        await bot.stop();
      } finally {
        detachLog();
        if (removed) {
          removeSimulation(bot.id);
          removeActivityLog(bot.id);
        }
      }
    });
  }
  RED.nodes.registerType<NewBotNode, NodeDef, object, BotCredentials>(type, WechatBot, {
    credentials: { token: { type: 'password' } },
  });
  serveAdmin(RED);
};
