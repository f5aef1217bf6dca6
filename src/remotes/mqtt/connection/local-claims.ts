/** The request topics in use by the remotes of this process: each may execute the commands of one topic of a broker. */

interface Claim {
  readonly holder: string;
  readonly onGranted: () => void;
}

/** A claim that is held or waits. */
export interface LocalClaim {
  /** Who has the topic; `undefined` when it is granted. */
  readonly deniedBy: string | undefined;
  /** Gives the topic to the next one that waits. Idempotent. */
  release(): void;
}

const defaultPorts: Readonly<Record<string, string>> = {
  'mqtt:': '1883',
  'mqtts:': '8883',
  'ws:': '80',
  'wss:': '443',
};

const queues = new Map<string, Claim[]>();

/**
 * Claims a request topic of a broker.
 * @param url of the broker, a valid one.
 * @param holder names the remote to users.
 * @param onGranted called as soon as no other remote has the topic: at once, or when that one is released.
 */
export function claimLocally(url: string, topic: string, holder: string, onGranted: () => void): LocalClaim {
  const key = `${brokerOf(url)} ${topic}`;
  const claim: Claim = { holder, onGranted };
  const queue = queues.get(key) ?? [];
  queues.set(key, queue);
  const deniedBy = queue[0]?.holder;
  queue.push(claim);
  if (deniedBy === undefined) onGranted();
  const release = (): void => {
    const index = queue.indexOf(claim);
    if (index < 0) return;
    queue.splice(index, 1);
    if (queue.length === 0) queues.delete(key);
    else if (index === 0) queue[0]?.onGranted();
  };
  return { deniedBy, release };
}

/** Host and port, and the path of WebSocket URLs: one address for all ways to write it. */
function brokerOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  const host = hostname.toLowerCase().replace(/^(?:127(?:\.\d+){3}|\[::1\])$/, 'localhost');
  const path = protocol.startsWith('ws') ? pathname : '';
  return `${host}:${port || (defaultPorts[protocol] ?? '')}${path}`;
}
