/** The node `wechat-wxbot-remote`: serves bots to clients of WXBot. */
import type { NodeAPI } from 'node-red';
import type { ListeningStatus } from '../../remotes/remote';
import type { WxbotRemote } from '../../remotes/wxbot/remote';
import { readTokens } from '../../remotes/wxbot/tokens';
import { policyDefaults } from '../shared/remote-policy';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote } from '../runtime/remote-node';
import { numberOr, policyOf } from '../runtime/property-parsing';
import { listeningStatus } from '../runtime/status';
import { botsOf } from './deployed-bots';
import { defaults, type WxbotRemoteCredentials, type WxbotRemoteProperties, type } from './properties';

export = function (RED: NodeAPI): void {
  registerRemote<WxbotRemoteProperties, WxbotRemoteCredentials, ListeningStatus, WxbotRemote>(RED, type, {
    defaults,
    credentials: { key: { type: 'password' }, tokens: { type: 'password' } },
    make: ({ definition, credentials, bot, listener }) => {
      const { WxbotRemote: Made } = loadRemote('wxbot');
      const settings = {
        host: definition.host.trim(),
        port: numberOr(definition.port, defaults.port),
        key: credentials.key ?? '',
        tokens: readTokens(credentials.tokens ?? ''),
        // Requests carry their files with them: no path and no URL of theirs is followed.
        ...policyOf({ ...policyDefaults, ...definition, filesFrom: '', fetchPrivate: false }),
      };
      return new Made(botsOf(RED, bot), settings, listener);
    },
    look: (status) => {
      const shown = listeningStatus(RED, status);
      const isTroubled = status.state === 'listening' && status.lastError !== '';
      return isTroubled
        ? { ...shown, fill: 'yellow', text: `${shown.text ?? ''}; ${status.lastError}` }
        : shown;
    },
  });
};
