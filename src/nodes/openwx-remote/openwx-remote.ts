/** The node `wechat-openwx-remote`: serves a bot to clients of the Openwx HTTP API. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { PostEvent } from '../../remotes/openwx/events/event-types';
import type { OpenwxRemote } from '../../remotes/openwx/remote';
import type { OpenwxRemoteSettings, OpenwxRemoteStatus } from '../../remotes/openwx/settings';
import { loadRemote, packageVersion } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { parseNameList, parseNumber, parsePolicy } from '../runtime/property-parsing';
import { serverStatus } from '../runtime/status';
import { translateStatus } from '../runtime/translate';
import {
  defaults,
  type OpenwxRemoteCredentials,
  type OpenwxRemoteProperties,
  type,
  migrations,
} from './properties';

type Setup = RemoteSetup<OpenwxRemoteProperties, OpenwxRemoteCredentials>;

/** Minimum interval between two polls, in s. */
const minPollInterval = 0.1;

function settingsOf({ definition: saved, credentials, directory }: Setup): OpenwxRemoteSettings {
  const pollInterval = parseNumber(saved.pollInterval, defaults.pollInterval);
  return {
    host: saved.host.trim(),
    port: parseNumber(saved.port, defaults.port),
    token: credentials.token ?? '',
    postApi: saved.postApi.trim(),
    postEvents: parseNameList(saved.postEvents) as PostEvent[],
    postMediaData: saved.postMediaData,
    pollApi: saved.pollApi.trim(),
    pollIntervalMs: Math.max(pollInterval, minPollInterval) * 1000,
    eventQueueSize: parseNumber(saved.eventQueueSize, defaults.eventQueueSize),
    allowStop: saved.allowStop,
    ...parsePolicy(saved),
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
  registerRemote<OpenwxRemoteProperties, OpenwxRemoteCredentials, OpenwxRemoteStatus, OpenwxRemote>(
    RED,
    type,
    {
      defaults,
      migrations,
      credentials: { token: { type: 'password' } },
      create: (setup) => {
        const { OpenwxRemote: Remote } = loadRemote('openwx');
        return new Remote(setup.bot, settingsOf(setup), setup.host);
      },
      toNodeStatus: (status) => toNodeStatus(RED, status),
    },
  );
};
