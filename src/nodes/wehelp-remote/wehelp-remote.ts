/** The node `wechat-wehelp-remote`: connects a bot to a web service that was written for WeHelp. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { WehelpRemote } from '../../remotes/wehelp/remote';
import type { WehelpRemoteSettings, WehelpRemoteStatus } from '../../remotes/wehelp/settings';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { withStoreStatus } from '../runtime/status';
import { remotePolicy } from '../runtime/remote-policy';
import { translateStatus } from '../runtime/translate';
import type { ValuesOf } from '../shared/declaration';
import { declaration, type } from './properties';

/** Minimum poll interval, in s: polling needs a pause. */
const minPollInterval = 0.1;

/** Minimum size of the outbox, in MB: with none, all callbacks would be lost. */
const minOutboxMb = 1;

function settingsOf({
  properties,
  directory,
}: RemoteSetup<ValuesOf<typeof declaration>, object>): WehelpRemoteSettings {
  return {
    callbackUrl: properties.callbackUrl.trim(),
    pollUrl: properties.pollUrl.trim(),
    pollIntervalMs: Math.max(properties.pollInterval, minPollInterval) * 1000,
    timeUnitMs: properties.timeUnit === 'ms' ? 1 : 1000,
    ...remotePolicy(properties),
    directory,
    outboxMaxBytes: Math.max(properties.outboxMaxMb, minOutboxMb) * 1024 * 1024,
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
  registerRemote<ValuesOf<typeof declaration>, object, WehelpRemoteStatus, WehelpRemote>(RED, type, {
    declaration,
    create: (setup) => {
      const { WehelpRemote: Remote } = loadRemote('wehelp');
      return new Remote(setup.bot, settingsOf(setup), setup.host);
    },
    toNodeStatus: (status) => withStoreStatus(RED, toNodeStatus(RED, status), status.store),
  });
};
