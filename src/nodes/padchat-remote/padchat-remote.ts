/** The node `wechat-padchat-remote`: serves a bot to PadChat's clients. */
import type { NodeAPI } from 'node-red';
import type { PadchatRemote } from '../../remotes/padchat/remote';
import type { PadchatRemoteSettings } from '../../remotes/padchat/settings';
import { generations } from '../../remotes/padchat/field-case';
import type { ListeningStatus } from '../../remotes/remote';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { names, numberOr, policyOf } from '../runtime/property-parsing';
import { listeningStatus } from '../runtime/status';
import { defaults, type PadchatRemoteCredentials, type PadchatRemoteProperties, type } from './properties';

type Setup = RemoteSetup<PadchatRemoteProperties, PadchatRemoteCredentials>;

function settingsOf({ definition: saved, credentials }: Setup): PadchatRemoteSettings {
  const chosen = names(saved.generations);
  return {
    host: saved.host.trim(),
    port: numberOr(saved.port, defaults.port),
    generations: chosen.length === 0 ? generations : generations.filter((one) => chosen.includes(one)),
    authKeys: names(credentials.authKeys ?? ''),
    ...policyOf(saved),
  };
}

export = function (RED: NodeAPI): void {
  registerRemote<PadchatRemoteProperties, PadchatRemoteCredentials, ListeningStatus, PadchatRemote>(
    RED,
    type,
    {
      defaults,
      credentials: { authKeys: { type: 'password' } },
      make: (setup) => {
        const { PadchatRemote: Made } = loadRemote('padchat');
        return new Made(setup.bot, settingsOf(setup), setup.listener);
      },
      look: (status) => listeningStatus(RED, status),
    },
  );
};
