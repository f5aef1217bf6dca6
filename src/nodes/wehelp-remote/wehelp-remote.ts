/** The node `wechat-wehelp-remote`: connects a bot to a web service that was written for WeHelp. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { WehelpRemote } from '../../remotes/wehelp/remote';
import type { WehelpRemoteSettings, WehelpRemoteStatus } from '../../remotes/wehelp/settings';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { parseNumber, parsePolicy } from '../runtime/property-parsing';
import { withStoreStatus } from '../runtime/status';
import { translateStatus } from '../runtime/translate';
import { defaults, type WehelpRemoteProperties, type, migrations } from './properties';

/** Minimum poll interval, in s: polling needs a pause. */
const minPollInterval = 0.1;

/** Minimum size of the outbox, in MB: with none, all callbacks would be lost. */
const minOutboxMb = 1;

function settingsOf({
  definition: saved,
  directory,
}: RemoteSetup<WehelpRemoteProperties, object>): WehelpRemoteSettings {
  const pollInterval = parseNumber(saved.pollInterval, defaults.pollInterval);
  const outboxMaxMb = parseNumber(saved.outboxMaxMb, defaults.outboxMaxMb);
  return {
    callbackUrl: saved.callbackUrl.trim(),
    pollUrl: saved.pollUrl.trim(),
    pollIntervalMs: Math.max(pollInterval, minPollInterval) * 1000,
    timeUnitMs: saved.timeUnit === 'ms' ? 1 : 1000,
    ...parsePolicy(saved),
    directory,
    outboxMaxBytes: Math.max(outboxMaxMb, minOutboxMb) * 1024 * 1024,
  };
}

/** An unavailable service is shown as a ring: it is transient. */
function toNodeStatus(RED: NodeAPI, { callbacks, polls, waiting, lost }: WehelpRemoteStatus): NodeStatus {
  const [unavailable] = [callbacks, polls].filter(({ isHealthy }) => isHealthy === false);
  const isHealthy = callbacks.isHealthy ?? polls.isHealthy ?? false;
  const parts = [
    unavailable
      ? translateStatus(RED, 'brokerAway', {
          since: new Date(unavailable.since).toLocaleTimeString('sv'),
          error: unavailable.error,
        })
      : translateStatus(RED, isHealthy ? 'serviceFine' : 'serviceIdle'),
  ];
  if (waiting > 0) parts.push(translateStatus(RED, 'brokerWaiting', { count: waiting }));
  if (lost > 0) parts.push(translateStatus(RED, 'brokerLost', { count: lost }));
  const text = parts.join(', ');
  if (unavailable) return { fill: 'red', shape: 'ring', text };
  if (lost > 0) return { fill: 'yellow', shape: 'dot', text };
  return isHealthy ? { fill: 'green', shape: 'dot', text } : { fill: 'grey', shape: 'dot', text };
}

export = function (RED: NodeAPI): void {
  registerRemote<WehelpRemoteProperties, object, WehelpRemoteStatus, WehelpRemote>(RED, type, {
    defaults,
    migrations,
    create: (setup) => {
      const { WehelpRemote: Remote } = loadRemote('wehelp');
      return new Remote(setup.bot, settingsOf(setup), setup.host);
    },
    toNodeStatus: (status) => withStoreStatus(RED, toNodeStatus(RED, status), status.store),
  });
};
