/**
 * The statuses of all nodes in one place. A ring is something that passes by itself; a dot stays until someone
 * does something about it, or says that all is well.
 */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { BotState, BotStateName } from '../../bot/state';
import type { Progress } from '../../commands/command';
import type { ListeningStatus } from '../../remotes/remote';
import { translateError, translateState, translateStatus } from './translate';

type Look = Required<Pick<NodeStatus, 'fill' | 'shape'>>;

const looks: Readonly<Record<BotStateName, Look>> = {
  stopped: { fill: 'grey', shape: 'dot' },
  starting: { fill: 'yellow', shape: 'ring' },
  'login-required': { fill: 'red', shape: 'dot' },
  scanning: { fill: 'yellow', shape: 'dot' },
  'logged-in': { fill: 'green', shape: 'dot' },
  ready: { fill: 'green', shape: 'dot' },
  restarting: { fill: 'red', shape: 'ring' },
  failed: { fill: 'red', shape: 'dot' },
};

/** How a bot's state shows. */
export function stateStatus(RED: NodeAPI, state: BotState): NodeStatus {
  return { ...looks[state.name], text: translateState(RED, state) };
}

/** How work in progress shows. */
export function progressStatus(RED: NodeAPI, progress: Progress): NodeStatus {
  const { kind, ...values } = progress;
  return {
    fill: 'blue',
    shape: 'ring',
    text: translateStatus(RED, kind === 'send' ? 'sending' : 'fetching', values),
  };
}

/** How a failure shows. */
export function errorStatus(RED: NodeAPI, error: unknown): NodeStatus {
  const sentence = translateError(RED, error);
  return { fill: 'red', shape: 'dot', text: sentence.length > 80 ? `${sentence.slice(0, 79)}…` : sentence };
}

/** How a remote shows that others connect to. */
export function listeningStatus(RED: NodeAPI, status: ListeningStatus): NodeStatus {
  const { state, address, clients, lastError } = status;
  switch (state) {
    case 'listening':
      return { fill: 'green', shape: 'dot', text: translateStatus(RED, 'listening', { address, clients }) };
    case 'starting':
      return { fill: 'yellow', shape: 'ring', text: translateStatus(RED, 'starting') };
    case 'port-in-use':
      return { fill: 'red', shape: 'ring', text: translateStatus(RED, 'portInUse', { address }) };
    case 'refused':
    case 'failed':
      return { fill: 'red', shape: 'ring', text: translateStatus(RED, 'error', { error: lastError }) };
  }
}
