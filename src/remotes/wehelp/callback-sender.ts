/**
 * Posts callbacks in order, each until the service accepts it, so that nothing is lost while the service is
 * unavailable. A poison message, which is rejected while others are accepted, is dropped: by the service, or by a
 * firewall in front of it, which a stranger can provoke with any text.
 */
import { errorMessage, WechatError } from '../../bot/errors';
import type { Outbox, PendingMessage } from '../storage/outbox';
import type { Endpoint } from './endpoint';

/**
 * Why a callback was not accepted: its content (`content`), perhaps its content (`any`), or whatever is posted (`none`).
 */
type Rejection = 'content' | 'any' | 'none';

/** Rejections in a row after which later callbacks are tried as well. In the wrong case they overtake. */
const rejectionsBeforeNext: Readonly<Record<Rejection, number>> = { content: 3, any: 6, none: Infinity };

/** Maximum number of later callbacks tried after one more rejection, and altogether. */
const maxTried = { perRound: 5, total: 1000 };

/** Statuses of firewalls, and of services whose URL or login is wrong. */
const ambiguousStatuses = [401, 403, 404, 405, 407];

/** Statuses of a service that is busy or down. */
const unavailableStatuses = [408, 425, 429, 502, 503, 504];

/** Errors of connections that existed. */
const brokenConnections = ['ECONNRESET', 'EPIPE'];

function rejectionOf(error: unknown): Rejection {
  if (!(error instanceof WechatError)) return 'none';
  if (error.key === 'serviceAnswered') {
    const status = Number(error.values.status);
    if (unavailableStatuses.includes(status)) return 'none';
    return status < 400 || ambiguousStatuses.includes(status) ? 'any' : 'content';
  }
  const isReached = error.key === 'fetchTimeout' || brokenConnections.includes(String(error.values.error));
  return isReached ? 'any' : 'none';
}

/** Delivers callbacks from the outbox to the service. */
export class CallbackSender {
  readonly #outbox: Outbox;
  readonly #endpoint: Endpoint;
  readonly #stopped: AbortSignal;
  readonly #onRejected: (problem: WechatError) => void;
  #wake: () => void = () => undefined;
  #delivering: Promise<void> | undefined;

  /** @param onRejected called with the reason (`callbackRejected`) for each dropped callback. */
  constructor(
    outbox: Outbox,
    endpoint: Endpoint,
    stopped: AbortSignal,
    onRejected: (problem: WechatError) => void,
  ) {
    this.#outbox = outbox;
    this.#endpoint = endpoint;
    this.#stopped = stopped;
    this.#onRejected = onRejected;
  }

  start(): void {
    this.#outbox.onReady = () => {
      this.#wake();
    };
    this.#stopped.addEventListener('abort', () => {
      this.#wake();
    });
    this.#delivering = this.#deliver();
  }

  /** After an abort: resolves when no request is in flight. */
  async whenIdle(): Promise<void> {
    await this.#delivering;
  }

  async #deliver(): Promise<void> {
    while (!this.#stopped.aborted) {
      const message = this.#outbox.next();
      if (message) await this.#deliverInOrder(message);
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async #deliverInOrder(pending: PendingMessage): Promise<void> {
    const blocked = [pending];
    let rejections = 0;
    while (!this.#stopped.aborted) {
      const error = await this.#post(pending);
      if (!error) {
        this.#outbox.acknowledge(pending);
        for (const one of blocked.slice(1)) await this.#deliverInOrder(one);
        return;
      }
      const rejection = rejectionOf(error);
      rejections = rejection === 'none' ? 0 : rejections + 1;
      if (rejections >= rejectionsBeforeNext[rejection] && (await this.#isNextAccepted(blocked))) {
        await this.#retryPoisoned(blocked);
        return;
      }
      await this.#endpoint.backOff();
    }
  }

  /** Tries later callbacks until one is accepted; adds the others to the blocked ones. */
  async #isNextAccepted(blocked: PendingMessage[]): Promise<boolean> {
    for (let tried = 0; tried < maxTried.perRound && blocked.length < maxTried.total; tried += 1) {
      const next = this.#outbox.next();
      if (!next) return false;
      if (!(await this.#post(next))) {
        this.#outbox.acknowledge(next);
        return true;
      }
      blocked.push(next);
    }
    return false;
  }

  /** The service accepts other callbacks, so those that are still rejected are poison messages. */
  async #retryPoisoned(blocked: readonly PendingMessage[]): Promise<void> {
    for (const pending of blocked) {
      const error = await this.#post(pending);
      if (!error) this.#outbox.acknowledge(pending);
      else if (this.#stopped.aborted || rejectionOf(error) === 'none') await this.#deliverInOrder(pending);
      else {
        this.#outbox.drop(pending);
        this.#onRejected(new WechatError('FAILED', 'callbackRejected', { error: errorMessage(error) }));
      }
    }
  }

  /** Posts once. @returns why it was not accepted. */
  async #post({ message }: PendingMessage): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    try {
      await this.#endpoint.request({ method: 'POST', headers, body: message.body }, () => undefined);
      return undefined;
    } catch (error) {
      return error;
    }
  }
}
