/**
 * The claim of one remote to a request topic, because two remotes on one topic would both execute each command. A remote
 * asks on a topic beside it whether another one is there before it subscribes; the one that is there answers.
 */
import { randomUUID } from 'node:crypto';
import { WechatError } from '../../../bot/errors';
import { isObject } from '../../../util/is-object';
import { parseLimitedJson } from '../../../bot/limited-json';

/** What a claim depends on. */
export interface TopicClaimDependencies {
  /** Tells users of the other remote which one this is. */
  readonly holder: () => string;
  /** How long another remote has to answer, in ms. */
  readonly waitMs: number;
  /** Publishes to the topic of the claim. @param sent called when it has been sent. */
  readonly publish: (payload: string, sent: () => void) => void;
  /** The request topic may be subscribed to. */
  readonly onGranted: () => void;
  /** Another remote has the request topic. @param holder as that remote describes itself. */
  readonly onDenied: (holder: string) => void;
}

/** `renewing`: granted on an earlier connection, but another remote may have come since. */
type ClaimState = 'closed' | 'asking' | 'renewing' | 'granted';

/** Larger messages are not from another remote, in bytes. */
const maxMessageBytes = 4096;

/** The claim of one remote, over all its connections. */
export class TopicClaim {
  readonly #deps: TopicClaimDependencies;
  readonly #instance = randomUUID();
  #state: ClaimState = 'closed';
  #isHeld = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: TopicClaimDependencies) {
    this.#deps = deps;
  }

  /** The topic of the claim to a request topic. */
  static topicOf(requestTopic: string): string {
    return `${requestTopic}/claim`;
  }

  /** Asks for the request topic; to be called on each connection. */
  open(): void {
    if (this.#isHeld) {
      this.#state = 'renewing';
      this.#deps.onGranted();
    } else this.#state = 'asking';
    this.#send('question', () => {
      this.#timer = setTimeout(() => {
        this.grant();
      }, this.#deps.waitMs);
    });
  }

  /** Grants the request topic without an answer: nobody is there, or nobody can be asked. */
  grant(): void {
    clearTimeout(this.#timer);
    const wasHeld = this.#isHeld;
    this.#state = 'granted';
    this.#isHeld = true;
    if (!wasHeld) this.#deps.onGranted();
  }

  /** Forgets that the request topic was granted: the next connection waits for an answer. */
  release(): void {
    this.#isHeld = false;
  }

  /** The connection has ended. */
  close(): void {
    clearTimeout(this.#timer);
    this.#state = 'closed';
  }

  /** Takes in a message on the topic of the claim. */
  receive(payload: Buffer): void {
    const message = parseMessage(payload);
    if (!message || message.instance === this.#instance || this.#state === 'closed') return;
    const isFirst = this.#instance < message.instance;
    if (message.claim === 'question') {
      if (this.#state !== 'asking' || isFirst) this.#send('answer');
      else this.#deny(message.holder);
    } else if (this.#state === 'granted' && isFirst) this.#send('answer');
    else this.#deny(message.holder);
  }

  #deny(holder: string): void {
    this.close();
    this.#isHeld = false;
    this.#deps.onDenied(holder);
  }

  #send(claim: 'question' | 'answer', sent: () => void = () => undefined): void {
    const message = { claim, instance: this.#instance, holder: this.#deps.holder() };
    const state = this.#state;
    this.#deps.publish(JSON.stringify(message), () => {
      if (this.#state === state) sent();
    });
  }
}

interface ClaimMessage {
  readonly claim: 'question' | 'answer';
  readonly instance: string;
  readonly holder: string;
}

/** `undefined` for what is not from another remote. */
function parseMessage(payload: Buffer): ClaimMessage | undefined {
  let message: unknown;
  try {
    message = parseLimitedJson(payload, { maxBytes: maxMessageBytes, maxDepth: 2, maxValues: 16 });
  } catch (error) {
    if (error instanceof WechatError) return undefined;
    throw error;
  }
  if (!isObject(message)) return undefined;
  const { claim, instance, holder } = message;
  if (claim !== 'question' && claim !== 'answer') return undefined;
  if (typeof instance !== 'string' || typeof holder !== 'string') return undefined;
  return { claim, instance, holder: holder.slice(0, 200) };
}
