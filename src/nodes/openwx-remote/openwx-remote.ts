/** The node `wechat-openwx-remote`: serves a bot to clients of the Openwx HTTP API. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { PostEvent } from '../../remotes/openwx/events/event-types';
import type { OpenwxRemote } from '../../remotes/openwx/remote';
import type { OpenwxRemoteSettings, OpenwxRemoteStatus } from '../../remotes/openwx/settings';
import { loadRemote, packageVersion } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { names, numberOr, policyOf } from '../runtime/property-parsing';
import { listeningStatus } from '../runtime/status';
import { translateStatus } from '../runtime/translate';
import { defaults, type OpenwxRemoteCredentials, type OpenwxRemoteProperties, type } from './properties';

type Setup = RemoteSetup<OpenwxRemoteProperties, OpenwxRemoteCredentials>;

/** The least time between two polls, in s: nothing may ask without a pause. */
const leastPollInterval = 0.1;

function settingsOf({ definition: saved, credentials, directory }: Setup): OpenwxRemoteSettings {
  const pollInterval = numberOr(saved.pollInterval, defaults.pollInterval);
  return {
    host: saved.host.trim(),
    port: numberOr(saved.port, defaults.port),
    token: credentials.token ?? '',
    postApi: saved.postApi.trim(),
    postEvents: names(saved.postEvents) as PostEvent[],
    postMediaData: saved.postMediaData,
    pollApi: saved.pollApi.trim(),
    pollInterval: Math.max(pollInterval, leastPollInterval) * 1000,
    eventQueueSize: numberOr(saved.eventQueueSize, defaults.eventQueueSize),
    allowStop: saved.allowStop,
    ...policyOf(saved),
    directory,
    version: packageVersion(),
  };
}

function look(RED: NodeAPI, status: OpenwxRemoteStatus): NodeStatus {
  const { waiting, lost } = status;
  const listening = listeningStatus(RED, status);
  const parts = [listening.text];
  if (waiting > 0) parts.push(translateStatus(RED, 'brokerWaiting', { count: waiting }));
  if (lost > 0) parts.push(translateStatus(RED, 'brokerLost', { count: lost }));
  const isTroubled = lost > 0 && listening.fill === 'green';
  return { ...listening, text: parts.join(', '), ...(isTroubled ? { fill: 'yellow' } : {}) };
}

export = function (RED: NodeAPI): void {
  registerRemote<OpenwxRemoteProperties, OpenwxRemoteCredentials, OpenwxRemoteStatus, OpenwxRemote>(
    RED,
    type,
    {
      defaults,
      credentials: { token: { type: 'password' } },
      make: (setup) => {
        const { OpenwxRemote: Made } = loadRemote('openwx');
        return new Made(setup.bot, settingsOf(setup), setup.listener);
      },
      look: (status) => look(RED, status),
    },
  );
};
