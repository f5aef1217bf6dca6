/** The node `wechat-openwx-remote`: serves a bot to clients of the Openwx HTTP API. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { OpenwxRemote } from '../../remotes/openwx/remote';
import type { OpenwxRemoteSettings, OpenwxRemoteStatus } from '../../remotes/openwx/settings';
import { loadRemote, packageVersion } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { remotePolicy } from '../runtime/remote-policy';
import { serverStatus } from '../runtime/status';
import { translateStatus } from '../runtime/translate';
import type { ValuesOf } from '../shared/declaration';
import { declaration, type OpenwxRemoteCredentials, type } from './properties';

type Setup = RemoteSetup<ValuesOf<typeof declaration>, OpenwxRemoteCredentials>;

/** Minimum interval between two polls, in s. */
const minPollInterval = 0.1;

function settingsOf({ properties, credentials, directory }: Setup): OpenwxRemoteSettings {
  return {
    host: properties.host.trim(),
    port: properties.port,
    token: credentials.token ?? '',
    postApi: properties.postApi.trim(),
    postEvents: properties.postEvents,
    postMediaData: properties.postMediaData,
    pollApi: properties.pollApi.trim(),
    pollIntervalMs: Math.max(properties.pollInterval, minPollInterval) * 1000,
    eventQueueSize: properties.eventQueueSize,
    allowStop: properties.allowStop,
    ...remotePolicy(properties),
    directory,
    version: packageVersion(),
  };
}

function toNodeStatus(RED: NodeAPI, status: OpenwxRemoteStatus): NodeStatus {
  const { waiting, lost } = status;
  const listening = serverStatus(RED, status);
  const parts = [listening.text];
  if (waiting > 0) parts.push(translateStatus(RED, 'brokerWaiting', { count: waiting }));
  if (lost > 0) parts.push(translateStatus(RED, 'brokerLost', { count: lost }));
  const hasLosses = lost > 0 && listening.fill === 'green';
  return { ...listening, text: parts.join(', '), ...(hasLosses ? { fill: 'yellow' } : {}) };
}

export = function (RED: NodeAPI): void {
  registerRemote<ValuesOf<typeof declaration>, OpenwxRemoteCredentials, OpenwxRemoteStatus, OpenwxRemote>(
    RED,
    type,
    {
      declaration,
      credentials: { token: { type: 'password' } },
      create: (setup) => {
        const { OpenwxRemote: Remote } = loadRemote('openwx');
        return new Remote(setup.bot, settingsOf(setup), setup.host);
      },
      toNodeStatus: (status) => toNodeStatus(RED, status),
    },
  );
};
