/** The statuses of all nodes. Ring: transient. Dot: stable (green, grey) or action required (red, yellow). */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { BotState, BotStateName } from '../../bot/state';
import type { Progress } from '../../commands/command';
import type { ServerStatus, StoreStatus } from '../../remotes/remote';
import { translateError, translateState, translateStatus } from './translate';

type StatusStyle = Required<Pick<NodeStatus, 'fill' | 'shape'>>;

const styles: Readonly<Record<BotStateName, StatusStyle>> = {
  stopped: { fill: 'grey', shape: 'dot' },
  starting: { fill: 'yellow', shape: 'ring' },
  'login-required': { fill: 'red', shape: 'dot' },
  scanning: { fill: 'yellow', shape: 'dot' },
  'logged-in': { fill: 'green', shape: 'dot' },
  ready: { fill: 'green', shape: 'dot' },
  restarting: { fill: 'red', shape: 'ring' },
  failed: { fill: 'red', shape: 'dot' },
};

/** The status for a bot's state. */
export function botStateStatus(RED: NodeAPI, state: BotState): NodeStatus {
  return { ...styles[state.name], text: translateState(RED, state) };
}

/** The status for a command in progress. */
export function progressStatus(RED: NodeAPI, progress: Progress): NodeStatus {
  const { kind, ...values } = progress;
  return {
    fill: 'blue',
    shape: 'ring',
    text: translateStatus(RED, kind === 'send' ? 'sending' : 'fetching', values),
  };
}

/** The status for an error, truncated to 80 characters. */
export function errorStatus(RED: NodeAPI, error: unknown): NodeStatus {
  const message = translateError(RED, error);
  return { fill: 'red', shape: 'dot', text: message.length > 80 ? `${message.slice(0, 79)}…` : message };
}

/** The status for a remote that is a server. */
export function serverStatus(RED: NodeAPI, status: ServerStatus): NodeStatus {
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

/** Adds the problem of a remote's store to its status: what cannot be stored, or was damaged. */
export function withStoreStatus(RED: NodeAPI, status: NodeStatus, store: StoreStatus): NodeStatus {
  const { problem, damaged } = store;
  const parts = [status.text];
  if (problem?.key === 'storeLocked' || problem?.key === 'storeUnwritable')
    parts.unshift(translateStatus(RED, problem.key));
  if (damaged > 0) parts.push(translateStatus(RED, 'storeDamaged', { count: damaged }));
  if (parts.length === 1) return status;
  const text = parts.join(', ');
  if (problem) return { fill: 'red', shape: 'ring', text };
  return { ...status, fill: status.fill === 'green' ? 'yellow' : status.fill, text };
}
