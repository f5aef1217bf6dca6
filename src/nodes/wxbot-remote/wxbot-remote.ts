/** The node `wechat-wxbot-remote`: serves bots to clients of WXBot. */
import type { NodeAPI } from 'node-red';
import type { ServerStatus } from '../../remotes/remote';
import type { WxbotRemote } from '../../remotes/wxbot/remote';
import { parseTokens } from '../../remotes/wxbot/tokens';
import { policyDefaults } from '../shared/remote-policy';
import { loadRemote } from '../runtime/load-remote';
import { registerRemote } from '../runtime/remote-node';
import { parseNumber, parsePolicy } from '../runtime/property-parsing';
import { serverStatus } from '../runtime/status';
import { deployedBotLookup } from './deployed-bots';
import {
  defaults,
  type WxbotRemoteCredentials,
  type WxbotRemoteProperties,
  type,
  migrations,
} from './properties';

export = function (RED: NodeAPI): void {
  registerRemote<WxbotRemoteProperties, WxbotRemoteCredentials, ServerStatus, WxbotRemote>(RED, type, {
    defaults,
    migrations,
    credentials: { key: { type: 'password' }, tokens: { type: 'password' } },
    create: ({ definition, credentials, bot, host }) => {
      const { WxbotRemote: Remote } = loadRemote('wxbot');
      const settings = {
        host: definition.host.trim(),
        port: parseNumber(definition.port, defaults.port),
        key: credentials.key ?? '',
        tokens: parseTokens(credentials.tokens ?? ''),
        // Requests carry their files with them: no path and no URL of theirs is followed.
        ...parsePolicy({ ...policyDefaults, ...definition, filesFrom: '', fetchPrivate: false }),
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
