/** Where clients of generations A and C come in: plain WebSockets, and what travels on them. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WechatError } from '../../../bot/errors';
import { type Client as Connection, Sockets } from '../../http/websocket-hub';
import type { Doorkeeper } from '../api-key-auth';
import type { PadchatEvent } from '../events/events';
import { toldIn } from '../events/events';
import { PadchatClient, refusal, type Shared } from '../client-session';
import type { PadchatLimits } from '../settings';
import {
  type CarrierField,
  type FramedGeneration,
  readFrame,
  type Reply,
  writeEvent,
  writeReply,
} from '../wire';

/** The path of generation A (the PadChat document, 服务地址). */
export const pathOfA = '/ws';

/** A close code of generation C's sdk: the token in the path is not valid. */
const invalidToken = 3201;

/** WebSocket's own code for who broke a rule. */
const policyViolation = 1008;

/** A client that was let in, and how events reach it. */
interface Seat {
  readonly client: PadchatClient;
  /** The field it uses, which generation C's older clients call otherwise. */
  field: CarrierField;
}

/** Clients that speak in frames. */
export class FramedDoor {
  readonly #shared: Shared;
  readonly #doorkeeper: Doorkeeper;
  readonly #authTimeout: number;
  readonly #sockets: Sockets;
  readonly #seats = new Map<Connection, Seat>();
  /** Who did not show a key yet. */
  readonly #waiting = new Map<Connection, NodeJS.Timeout>();

  constructor(shared: Shared, doorkeeper: Doorkeeper, changed: () => void, limits: PadchatLimits) {
    this.#shared = shared;
    this.#doorkeeper = doorkeeper;
    this.#authTimeout = limits.authTimeout;
    const { clients, maxBuffered, maxPayload, pingEvery } = limits;
    this.#sockets = new Sockets(changed, { clients, maxBuffered, maxPayload, pingEvery });
  }

  /** Connections, let in or not. */
  get count(): number {
    return this.#sockets.clients.size;
  }

  /** Those who were let in. */
  get clients(): PadchatClient[] {
    return [...this.#seats.values()].map(({ client }) => client);
  }

  /** Takes an upgrade. @param token what generation C has in the path; of A undefined. */
  enter(request: IncomingMessage, socket: Duplex, head: Buffer, token?: string): void {
    this.#sockets.accept(request, socket, head, (connection) => {
      if (token === undefined) this.#awaitAuth(connection);
      else if (this.#doorkeeper.refuses(token, connection.address)) {
        connection.close(invalidToken, 'invalid token');
      } else this.#seat(connection, 'C');
    });
  }

  /** Tells all who fit; each form is written once. */
  tellAll(event: PadchatEvent, fits: (client: PadchatClient) => boolean): void {
    const written = new Map<string, Buffer | undefined>();
    for (const [connection, { client, field }] of this.#seats) {
      if (client.isDetached || !fits(client)) continue;
      const form = `${client.generation} ${field}`;
      if (!written.has(form)) {
        const told = toldIn(client.generation, event);
        const text = told && writeEvent(framed(client), told, field, this.#taskId);
        written.set(form, text === undefined ? undefined : Buffer.from(text));
      }
      const bytes = written.get(form);
      if (bytes) connection.send(bytes);
    }
  }

  /** Hangs up on all; resolves when they are gone. */
  async stop(): Promise<void> {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    await this.#sockets.stop();
  }

  get #taskId(): string {
    return this.#shared.bot.id;
  }

  #awaitAuth(connection: Connection): void {
    const timer = setTimeout(() => {
      connection.close(policyViolation, 'not authenticated in time');
    }, this.#authTimeout);
    this.#waiting.set(connection, timer);
    connection.onClosed(() => {
      clearTimeout(timer);
      this.#waiting.delete(connection);
    });
    connection.onMessage((message) => {
      const received = readFrame('A', bytesOf(message));
      const { cmdId } = 'error' in received ? received : received.request;
      const answer = (reply: Reply): void => {
        connection.send(writeReply('A', { cmdId, field: 'payload' }, reply, this.#taskId));
      };
      if ('error' in received) answer(refusal(received.error));
      else if (received.request.name !== 'auth') answer(refusal(new WechatError('REFUSED', 'authFirst')));
      else {
        const error = this.#doorkeeper.refuses(received.request.authKey, connection.address);
        answer(error ? refusal(error) : { success: true, msg: '' });
        if (error?.code === 'RATE_LIMITED') connection.close(policyViolation, 'too many wrong keys');
        if (error) return;
        clearTimeout(timer);
        this.#waiting.delete(connection);
        this.#seat(connection, 'A');
      }
    });
  }

  #seat(connection: Connection, generation: FramedGeneration): void {
    const client = new PadchatClient(generation, this.#shared, (told) => {
      connection.send(writeEvent(generation, told, seat.field, this.#taskId));
    });
    const seat: Seat = { client, field: 'payload' };
    this.#seats.set(connection, seat);
    connection.onClosed(() => this.#seats.delete(connection));
    connection.onMessage(async (message) => {
      const received = readFrame(generation, bytesOf(message));
      const to = 'error' in received ? received : received.request;
      if (!('error' in received)) seat.field = received.request.field;
      const served =
        'error' in received ? { reply: refusal(received.error) } : await client.serve(received.request);
      connection.send(writeReply(generation, to, served.reply, this.#taskId));
      if ('afterwards' in served) served.afterwards?.();
    });
  }
}

function framed({ generation }: PadchatClient): FramedGeneration {
  return generation === 'A' ? 'A' : 'C';
}

/** Binary frames are read as the text they may hold. */
function bytesOf(message: string | Buffer): Buffer {
  return typeof message === 'string' ? Buffer.from(message) : message;
}
