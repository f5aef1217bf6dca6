import { WebSocket } from 'ws';
import { Inbox } from './async-queue';

/** One thing that Node-RED told its editors. */
export interface CommsMessage {
  topic: string;
  data: unknown;
}

/** What stands below a node in the editor. */
export interface NodeStatus {
  fill?: string;
  shape?: string;
  text?: string;
}

/** A connection like the one that an open editor has: statuses, debug messages, notifications. */
export class Comms {
  /** Everything that came, in order. */
  readonly messages = new Inbox<CommsMessage>('comms');
  private readonly statuses = new Map<string, Inbox<NodeStatus>>();

  private constructor(private readonly socket: WebSocket) {}

  /**
   * Connects, and asks for the statuses that Node-RED has kept.
   * @param url The editor's address, ending with a slash.
   * @param token An access token, when Node-RED asks for a login.
   */
  static async open(url: string, token?: string): Promise<Comms> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}comms`);
    const comms = new Comms(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const authorized = new Promise<void>((resolve, reject) => {
      socket.on('message', (data: Buffer) => {
        const packet = JSON.parse(data.toString()) as CommsMessage[] | { auth: string };
        if (Array.isArray(packet)) packet.forEach((message) => comms.receive(message));
        else if (packet.auth === 'ok') resolve();
        else reject(new Error('Node-RED refused the token.'));
      });
    });
    socket.on('close', () => comms.end(new Error('The comms connection was closed.')));
    if (token !== undefined) {
      socket.send(JSON.stringify({ auth: token }));
      await authorized;
    }
    for (const topic of ['status/#', 'notification/#']) socket.send(JSON.stringify({ subscribe: topic }));
    return comms;
  }

  /** The statuses of one node since this connection was opened, starting with the one it had then. */
  statusOf(nodeId: string): Inbox<NodeStatus> {
    let inbox = this.statuses.get(nodeId);
    if (inbox === undefined) {
      inbox = new Inbox(`status of ${nodeId}`);
      this.statuses.set(nodeId, inbox);
    }
    return inbox;
  }

  close(): void {
    this.socket.terminate();
  }

  private receive(message: CommsMessage): void {
    this.messages.add(message);
    const [kind, nodeId] = message.topic.split('/');
    if (kind === 'status' && nodeId !== undefined) this.statusOf(nodeId).add(message.data as NodeStatus);
  }

  private end(reason: Error): void {
    this.messages.close(reason);
    for (const inbox of this.statuses.values()) inbox.close(reason);
  }
}
