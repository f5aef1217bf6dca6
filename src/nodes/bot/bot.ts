/** The config node `wechat-bot`: owns one bot, from deploy to deploy. */
import type { NodeAPI, NodeDef } from 'node-red';
import type { PaceLimits } from '../../bot/sending/send-queue';
import type { BotSettings } from '../../bot/bot';
import { serveAdmin } from '../../admin/admin';
import { activityOf, forgetActivity } from '../runtime/activity-log';
import { type BotNode, register } from '../runtime/bot-registry';
import { loadEngine } from '../runtime/load-modules';
import { translateError } from '../runtime/translate';
import {
  automaticPace,
  type BotCredentials,
  type BotProperties,
  defaults,
  type SavedNumber,
  type,
} from './properties';

type Definition = NodeDef & BotProperties;

function paceOf({ puppet, minGap, jitter, perMinute }: BotProperties): PaceLimits {
  const usual = puppet === 'simulator' ? automaticPace.simulator : automaticPace.realAccount;
  const given = (value: SavedNumber, fallback: number): number =>
    value === '' || !(Number(value) >= 0) ? fallback : Number(value);
  return {
    minGap: given(minGap, usual.minGap),
    jitter: given(jitter, usual.jitter),
    perMinute: given(perMinute, usual.perMinute),
  };
}

export = function (RED: NodeAPI): void {
  function WechatBot(this: BotNode, saved: Definition): void {
    RED.nodes.createNode(this, saved);
    const definition = { ...defaults, ...saved };
    const { Bot, eventReaders, simulatorOf, forgetWorld, runCommand, flowPolicy } = loadEngine();
    const { token } = this.credentials;
    const settings: BotSettings = {
      id: definition.id,
      name: definition.name,
      puppet: definition.puppet,
      options: definition.options,
      pace: paceOf(definition),
      userDir: RED.settings.userDir ?? process.cwd(),
      ...(token ? { token } : {}),
    };
    const bot = new Bot(settings, {
      events: eventReaders,
      puppets: { simulator: simulatorOf },
      log: (level, sentence) => {
        if (level === 'info') this.log(sentence);
        else if (level === 'warn') this.warn(sentence);
        else this.error(sentence);
      },
    });
    const node = Object.assign(this, {
      bot,
      run: (...[command, params, progress, by]: Parameters<BotNode['run']>) =>
        runCommand(bot, command, params, {
          files: flowPolicy,
          sentence: (error) => translateError(RED, error),
          ...(progress ? { progress } : {}),
          ...(by === undefined ? {} : { by }),
        }),
    });
    const unfollow = activityOf(bot.id).follow(bot, (error) => translateError(RED, error));
    const unregister = register(node);
    if (definition.autoStart) bot.start();
    this.on('close', (removed: boolean, done: () => void) => {
      unregister();
      void bot.stop().then(() => {
        unfollow();
        if (removed) {
          forgetWorld(bot.id);
          forgetActivity(bot.id);
        }
        done();
      });
    });
  }
  RED.nodes.registerType<BotNode, Definition, object, BotCredentials>(type, WechatBot, {
    credentials: { token: { type: 'password' } },
  });
  serveAdmin(RED);
};
