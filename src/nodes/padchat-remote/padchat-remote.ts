/** The node `wechat-padchat-remote`: serves a bot to PadChat's clients. */
import type { NodeAPI } from 'node-red';
import type { PadchatRemote } from '../../remotes/padchat/remote';
import type { PadchatRemoteSettings } from '../../remotes/padchat/settings';
import type { ServerStatus } from '../../remotes/remote';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { remotePolicy } from '../runtime/remote-policy';
import { serverStatus } from '../runtime/status';
import type { ValuesOf } from '../shared/declaration';
import { declaration, type PadchatRemoteCredentials, protocolVersions, type } from './properties';

type Setup = RemoteSetup<ValuesOf<typeof declaration>, PadchatRemoteCredentials>;

function settingsOf({ properties, credentials }: Setup): PadchatRemoteSettings {
  const selected = properties.generations;
  return {
    host: properties.host.trim(),
    port: properties.port,
    protocolVersions:
      selected.length === 0 ? protocolVersions : protocolVersions.filter((one) => selected.includes(one)),
    authKeys: (credentials.authKeys ?? '').split(/[\s,，;；]+/).filter(Boolean),
    ...remotePolicy(properties),
  };
}

export = function (RED: NodeAPI): void {
  registerRemote<ValuesOf<typeof declaration>, PadchatRemoteCredentials, ServerStatus, PadchatRemote>(
    RED,
    type,
    {
      declaration,
      credentials: { authKeys: { type: 'password' } },
      create: (setup) => {
        const { PadchatRemote: Remote } = loadRemote('padchat');
        return new Remote(setup.bot, settingsOf(setup), setup.host);
      },
      toNodeStatus: (status) => serverStatus(RED, status),
    },
  );
};
