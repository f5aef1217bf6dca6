/**
 * Posts callbacks, one after the other in their order, and each until it is taken: a service that is away misses
 * nothing. Only a callback that it refuses while it takes others is given up, or it would hold them all up.
 */
import { WechatError } from '../../bot/errors';
import type { Outbox, Parcel } from '../storage/outbox';
import type { Service } from './endpoint';

/** After so many refusals the next callback is tried, and one more each time after that, up to so many. */
const patience = 3;
const mostHeld = 100;

/** Whether a status has nothing to do with what was posted: the service is elsewhere, wants a login, or is not up. */
function isAway(status: number): boolean {
  return status < 400 || [401, 403, 404, 405, 407, 408, 425, 429, 502, 503, 504].includes(status);
}

/** Takes callbacks from the outbox to the service. */
export class Postman {
  readonly #outbox: Outbox;
  readonly #service: Service;
  readonly #stopped: AbortSignal;
  readonly #log: (sentence: string) => void;
  #wake: () => void = () => undefined;
  #round: Promise<void> | undefined;

  /** @param log told of callbacks that are given up. */
  constructor(outbox: Outbox, service: Service, stopped: AbortSignal, log: (sentence: string) => void) {
    this.#outbox = outbox;
    this.#service = service;
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
    this.#round = this.#deliver();
  }

  /** Resolves when nothing is under way any more, after it was stopped. */
  async idle(): Promise<void> {
    await this.#round;
  }

  async #deliver(): Promise<void> {
    while (!this.#stopped.aborted) {
      const parcel = this.#outbox.take();
      if (parcel) await this.#carry(parcel);
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async #carry(parcel: Parcel): Promise<void> {
    const held = [parcel];
    let refusals = 0;
    while (!this.#stopped.aborted) {
      const verdict = await this.#post(parcel);
      if (verdict === 'taken') {
        this.#outbox.acknowledge(parcel);
        for (const one of held.slice(1)) await this.#carry(one);
        return;
      }
      refusals = verdict === 'refused' ? refusals + 1 : 0;
      const isTime = refusals >= patience && held.length < mostHeld;
      const next = isTime ? this.#outbox.take() : undefined;
      if (next && (await this.#post(next)) === 'taken') {
        this.#outbox.acknowledge(next);
        await this.#lastChance(held);
        return;
      }
      if (next) held.push(next);
      await this.#service.pause();
    }
  }

  /** The service takes callbacks: those it still refuses, it refuses for what is in them. */
  async #lastChance(held: readonly Parcel[]): Promise<void> {
    for (const parcel of held) {
      const verdict = await this.#post(parcel);
      if (verdict === 'away') await this.#carry(parcel);
      else if (verdict === 'taken') this.#outbox.acknowledge(parcel);
      else {
        this.#outbox.giveUp(parcel);
        this.#log('The service refuses a callback and takes others: it was given up.');
      }
    }
  }

  /** Whether the service took it, refused it, or was not there. */
  async #post({ letter }: Parcel): Promise<'taken' | 'refused' | 'away'> {
    const headers = { 'content-type': 'application/json' };
    try {
      await this.#service.ask({ method: 'POST', headers, body: letter.body }, () => undefined);
      return 'taken';
    } catch (error) {
      const isAnswer = error instanceof WechatError && error.key === 'serviceAnswered';
      return isAnswer && !isAway(Number(error.values.status)) ? 'refused' : 'away';
    }
  }
}
