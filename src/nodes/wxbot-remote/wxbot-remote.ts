/** The node `wechat-wxbot-remote`: serves bots to clients of WXBot. */
import type { NodeAPI } from 'node-red';
import type { ServerStatus } from '../../remotes/remote';
import type { WxbotRemote } from '../../remotes/wxbot/remote';
import { parseTokens } from '../../remotes/wxbot/tokens';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote } from '../runtime/remote-node';
import { remotePolicy } from '../runtime/remote-policy';
import { serverStatus } from '../runtime/status';
import { deployedBotLookup } from './deployed-bots';
import type { ValuesOf } from '../shared/declaration';
import { declaration, type WxbotRemoteCredentials, type } from './properties';

export = function (RED: NodeAPI): void {
  registerRemote<ValuesOf<typeof declaration>, WxbotRemoteCredentials, ServerStatus, WxbotRemote>(RED, type, {
    declaration,
    credentials: { key: { type: 'password' }, tokens: { type: 'password' } },
    create: ({ properties, credentials, bot, host }) => {
      const { WxbotRemote: Remote } = loadRemote('wxbot');
      const settings = {
        host: properties.host.trim(),
        port: properties.port,
        key: credentials.key ?? '',
        tokens: parseTokens(credentials.tokens ?? ''),
        // Requests carry their files with them: no path and no URL of theirs is followed.
        ...remotePolicy({ ...properties, filesFrom: '', fetchPrivate: false }),
      };
      return new Remote(deployedBotLookup(RED, bot), settings, host);
    },
    toNodeStatus: (status) => {
      const nodeStatus = serverStatus(RED, status);
      const hasWarning = status.state === 'listening' && status.lastError !== '';
      return hasWarning
        ? { ...nodeStatus, fill: 'yellow', text: `${nodeStatus.text ?? ''}; ${status.lastError}` }
        : nodeStatus;
    },
  });
};
