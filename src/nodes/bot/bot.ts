/** The config node `wechat-bot`: owns one bot from deploy to deploy. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { RateLimits } from '../../bot/sending/send-queue';
import type { BotSettings } from '../../bot/bot';
import { serveAdmin } from '../../admin/admin';
import type { CommandContext } from '../../commands/command';
import { activityLogOf, removeActivityLog } from '../runtime/activity-log';
import { type BotNode, type Caller, registerBot } from '../runtime/bot-registry';
import { registerClose } from '../runtime/close';
import { loadModules } from '../runtime/load-modules';
import { translateError } from '../runtime/translate';
import { parseNumber } from '../runtime/property-parsing';
import { automaticPace, type BotCredentials, type BotProperties, defaults, type } from './properties';

type Definition = NodeDef & BotProperties;

type NewBotNode = Node<BotCredentials>;

function rateLimitsOf({ puppet, minGap, jitter, perMinute }: BotProperties): RateLimits {
  const automatic = puppet === 'simulator' ? automaticPace.simulator : automaticPace.realAccount;
  return {
    minGap: parseNumber(minGap, automatic.minGap),
    jitter: parseNumber(jitter, automatic.jitter),
    perMinute: parseNumber(perMinute, automatic.perMinute),
  };
}

export = function (RED: NodeAPI): void {
  function WechatBot(this: NewBotNode, saved: Definition): void {
    RED.nodes.createNode(this, saved);
    const definition = { ...defaults, ...saved };
    const modules = loadModules();
    const { Bot, asTyped, eventReaders, simulatorPuppetFor, removeSimulation, flowPolicy } = modules;
    const { runCommand, runUntrustedCommand } = modules;
    const { token } = this.credentials;
    const settings: BotSettings = {
      id: definition.id,
      name: definition.name,
      puppet: definition.puppet,
      options: definition.options,
      rateLimits: rateLimitsOf(definition),
      userDir: RED.settings.userDir ?? process.cwd(),
      ...(token ? { token } : {}),
    };
    const bot = new Bot(settings, {
      events: eventReaders,
      puppets: { simulator: simulatorPuppetFor },
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
    const node: BotNode = Object.assign(this, { bot, onEvent, ...runners });
    const unregisterBot = registerBot(node);
    if (definition.autoStart) bot.start();
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
  RED.nodes.registerType<NewBotNode, Definition, object, BotCredentials>(type, WechatBot, {
    credentials: { token: { type: 'password' } },
  });
  serveAdmin(RED);
};
