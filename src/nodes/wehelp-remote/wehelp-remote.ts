/** The node `wechat-wehelp-remote`: connects a bot to a web service that was written for WeHelp. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { WehelpRemote } from '../../remotes/wehelp/remote';
import type { WehelpRemoteSettings, WehelpRemoteStatus } from '../../remotes/wehelp/settings';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { numberOr, policyOf } from '../runtime/property-parsing';
import { translateStatus } from '../runtime/translate';
import { defaults, type WehelpRemoteProperties, type } from './properties';

/** The least time between two polls, in s: nothing may ask without a pause. */
const leastPollInterval = 0.1;

/** The least room for callbacks, in MB: none would mean that all are lost. */
const leastOutbox = 1;

function settingsOf({
  definition: saved,
  directory,
}: RemoteSetup<WehelpRemoteProperties, object>): WehelpRemoteSettings {
  const pollInterval = numberOr(saved.pollInterval, defaults.pollInterval);
  const outboxMaxMb = numberOr(saved.outboxMaxMb, defaults.outboxMaxMb);
  return {
    callbackUrl: saved.callbackUrl.trim(),
    pollUrl: saved.pollUrl.trim(),
    pollInterval: Math.max(pollInterval, leastPollInterval) * 1000,
    timeUnit: saved.timeUnit === 'ms' ? 1 : 1000,
    ...policyOf(saved),
    directory,
    outboxMaxBytes: Math.max(outboxMaxMb, leastOutbox) * 1024 * 1024,
  };
}

/** A service that is away comes back by itself. */
function look(RED: NodeAPI, { callbacks, polls, waiting, lost }: WehelpRemoteStatus): NodeStatus {
  const [away] = [callbacks, polls].filter(({ isFine }) => isFine === false);
  const isReached = callbacks.isFine ?? polls.isFine ?? false;
  const parts = [
    away
      ? translateStatus(RED, 'brokerAway', {
          since: new Date(away.since).toLocaleTimeString('sv'),
          error: away.error,
        })
      : translateStatus(RED, isReached ? 'serviceFine' : 'serviceIdle'),
  ];
  if (waiting > 0) parts.push(translateStatus(RED, 'brokerWaiting', { count: waiting }));
  if (lost > 0) parts.push(translateStatus(RED, 'brokerLost', { count: lost }));
  const text = parts.join(', ');
  if (away) return { fill: 'red', shape: 'ring', text };
  if (lost > 0) return { fill: 'yellow', shape: 'dot', text };
  return isReached ? { fill: 'green', shape: 'dot', text } : { fill: 'grey', shape: 'dot', text };
}

export = function (RED: NodeAPI): void {
  registerRemote<WehelpRemoteProperties, object, WehelpRemoteStatus, WehelpRemote>(RED, type, {
    defaults,
    make: (setup) => {
      const { WehelpRemote: Made } = loadRemote('wehelp');
      return new Made(setup.bot, settingsOf(setup), setup.listener);
    },
    look: (status) => look(RED, status),
  });
};
