import { WebSocket } from 'ws';
import { AsyncQueue } from './async-queue';

/** One message of Node-RED's comms channel. */
export interface CommsMessage {
  topic: string;
  data: unknown;
}

/** The status of a node. */
export interface NodeStatus {
  fill?: string;
  shape?: string;
  text?: string;
}

/** A client of the comms channel, as in an open editor: statuses, debug messages, notifications. */
export class CommsClient {
  /** All messages in order. */
  readonly messages = new AsyncQueue<CommsMessage>('comms');
  private readonly statuses = new Map<string, AsyncQueue<NodeStatus>>();

  private constructor(private readonly socket: WebSocket) {}

  /**
   * Connects and subscribes to statuses, including the retained ones, and notifications.
   * @param url the editor's URL, ending with a slash.
   * @param token an access token, if `adminAuth` is set.
   */
  static async open(url: string, token?: string): Promise<CommsClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}comms`);
    const comms = new CommsClient(socket);
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

  /** The statuses of one node, starting with the one it had when the connection was opened. */
  statusOf(nodeId: string): AsyncQueue<NodeStatus> {
    let inbox = this.statuses.get(nodeId);
    if (inbox === undefined) {
      inbox = new AsyncQueue(`status of ${nodeId}`);
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
