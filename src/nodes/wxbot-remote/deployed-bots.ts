import type { NodeAPI } from 'node-red';
import type { Bot } from '../../bot/bot';
import type { Bots } from '../../remotes/wxbot/bot-registry';
import { deployedBots } from '../runtime/bot-registry';

/** Finds bots as tokens name them; after every deploy they may be others, or in other places. */
export function botsOf(RED: NodeAPI, own: Bot): Bots {
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
