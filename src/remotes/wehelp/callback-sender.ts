/**
 * Posts callbacks in order, each until the service accepts it, so that nothing is lost while the service is
 * unavailable. A poison message, which the service rejects while it accepts others, is dropped.
 */
import { WechatError } from '../../bot/errors';
import type { Outbox, PendingMessage } from '../storage/outbox';
import type { Endpoint } from './endpoint';

/** Rejections in a row after which the next callback is tried as well, one more after each further rejection. */
const maxRejections = 3;

/** Maximum number of callbacks tried that way. */
const maxBlocked = 100;

/** Whether a status does not depend on the posted callback: wrong URL, missing login, overload, service down. */
function isServiceUnavailable(status: number): boolean {
  return status < 400 || [401, 403, 404, 405, 407, 408, 425, 429, 502, 503, 504].includes(status);
}

/** Delivers callbacks from the outbox to the service. */
export class CallbackSender {
  readonly #outbox: Outbox;
  readonly #endpoint: Endpoint;
  readonly #stopped: AbortSignal;
  readonly #log: (sentence: string) => void;
  #wake: () => void = () => undefined;
  #delivering: Promise<void> | undefined;

  /** @param log called for each dropped callback. */
  constructor(outbox: Outbox, endpoint: Endpoint, stopped: AbortSignal, log: (sentence: string) => void) {
    this.#outbox = outbox;
    this.#endpoint = endpoint;
    this.#stopped = stopped;
    this.#log = log;
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
      const outcome = await this.#post(pending);
      if (outcome === 'accepted') {
        this.#outbox.acknowledge(pending);
        for (const one of blocked.slice(1)) await this.#deliverInOrder(one);
        return;
      }
      rejections = outcome === 'rejected' ? rejections + 1 : 0;
      const shouldTryNext = rejections >= maxRejections && blocked.length < maxBlocked;
      const next = shouldTryNext ? this.#outbox.next() : undefined;
      if (next && (await this.#post(next)) === 'accepted') {
        this.#outbox.acknowledge(next);
        await this.#retryPoisoned(blocked);
        return;
      }
      if (next) blocked.push(next);
      await this.#endpoint.backOff();
    }
  }

  /** The service accepts other callbacks, so those it still rejects are poison messages. */
  async #retryPoisoned(blocked: readonly PendingMessage[]): Promise<void> {
    for (const pending of blocked) {
      const outcome = await this.#post(pending);
      if (outcome === 'unavailable') await this.#deliverInOrder(pending);
      else if (outcome === 'accepted') this.#outbox.acknowledge(pending);
      else {
        this.#outbox.drop(pending);
        this.#log('The service rejects a callback but accepts others: the callback was dropped.');
      }
    }
  }

  /** Posts once. */
  async #post({ message }: PendingMessage): Promise<'accepted' | 'rejected' | 'unavailable'> {
    const headers = { 'content-type': 'application/json' };
    try {
      await this.#endpoint.request({ method: 'POST', headers, body: message.body }, () => undefined);
      return 'accepted';
    } catch (error) {
      const isResponse = error instanceof WechatError && error.key === 'serviceAnswered';
      return isResponse && !isServiceUnavailable(Number(error.values.status)) ? 'rejected' : 'unavailable';
    }
  }
}
