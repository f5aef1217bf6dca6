import type { NodeAPI } from 'node-red';
import type { Bot } from '../../bot/bot';
import type { BotLookup } from '../../remotes/wxbot/bots-by-token';
import { deployedBots } from '../runtime/bot-registry';

/** Looks up deployed bots by the name or id in a token. @param own the bot chosen in the form, for tokens without a name. */
export function deployedBotLookup(RED: NodeAPI, own: Bot): BotLookup {
  return {
    find: (name) => {
      if (name === '') return own;
      const [only, ...others] = deployedBots().filter((node) => node.id === name || node.name === name);
      return others.length === 0 ? only?.bot : undefined;
    },
    onChange: (listener) => {
      RED.events.on('flows:started', listener);
      return () => {
        RED.events.off('flows:started', listener);
      };
    },
  };
}
