/** The node `wechat-padchat-remote`: serves a bot to PadChat's clients. */
import type { NodeAPI } from 'node-red';
import type { PadchatRemote } from '../../remotes/padchat/remote';
import type { PadchatRemoteSettings } from '../../remotes/padchat/settings';
import { protocolVersions } from '../../remotes/padchat/field-case';
import type { ServerStatus } from '../../remotes/remote';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { parseNameList, parseNumber, parsePolicy } from '../runtime/property-parsing';
import { serverStatus } from '../runtime/status';
import {
  defaults,
  type PadchatRemoteCredentials,
  type PadchatRemoteProperties,
  type,
  migrations,
} from './properties';

type Setup = RemoteSetup<PadchatRemoteProperties, PadchatRemoteCredentials>;

function settingsOf({ definition: saved, credentials }: Setup): PadchatRemoteSettings {
  const selected = parseNameList(saved.generations);
  return {
    host: saved.host.trim(),
    port: parseNumber(saved.port, defaults.port),
    protocolVersions:
      selected.length === 0 ? protocolVersions : protocolVersions.filter((one) => selected.includes(one)),
    authKeys: parseNameList(credentials.authKeys ?? ''),
    ...parsePolicy(saved),
  };
}

export = function (RED: NodeAPI): void {
  registerRemote<PadchatRemoteProperties, PadchatRemoteCredentials, ServerStatus, PadchatRemote>(RED, type, {
    defaults,
    migrations,
    credentials: { authKeys: { type: 'password' } },
    create: (setup) => {
      const { PadchatRemote: Remote } = loadRemote('padchat');
      return new Remote(setup.bot, settingsOf(setup), setup.host);
    },
    toNodeStatus: (status) => serverStatus(RED, status),
  });
};
