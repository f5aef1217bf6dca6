/**
 * The delivery guarantees that a soak checks.
 *
 * An event counts from the moment it is in the remote's outbox. Texts are numbered from 1 in each conversation of each
 * run of Node-RED. So two things must hold: everything found in the outbox after a kill is received, and what is
 * received has no gaps. Events that a killed process had not stored are missing at the end of its run only.
 */

/** The counts; the first seven must be 0. */
export interface SoakResult {
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicatesUnderAnotherReqId: number;
  readonly executedTwice: number;
  readonly unanswered: number;
  readonly answeredDifferently: number;
  readonly falselyConfirmed: number;
  /** For information. */
  readonly events: number;
  readonly duplicates: number;
  readonly foundInOutboxes: number;
  readonly commands: number;
  readonly executed: number;
  readonly refused: number;
  readonly outcomeUnknown: number;
}

/** A text of the traffic: `run/conversation/number`. */
const textFormat = /^(\d+)\/(\d+)\/(\d+)$/;

interface Response {
  readonly code: number;
  readonly params?: { readonly success?: readonly unknown[] };
  readonly error?: { readonly code: string };
}

/** Records events, commands and responses, and evaluates them. */
export class Expectations {
  readonly #received = new Map<string, { readonly reqIds: Set<string>; times: number }>();
  readonly #order = new Map<string, number[]>();
  readonly #stored = new Set<string>();
  readonly #commands = new Map<string, string>();
  readonly #responses = new Map<string, string[]>();

  /** The number of commands without a response. */
  get pending(): number {
    return [...this.#commands.keys()].filter((reqId) => !this.#responses.has(reqId)).length;
  }

  /** Whether an event with this text was received. */
  hasReceived(text: string): boolean {
    return this.#received.has(text);
  }

  /** The subscriber received an event. */
  onEvent(reqId: string, text: string): void {
    const match = textFormat.exec(text);
    if (!match) return;
    const earlier = this.#received.get(text);
    if (earlier) {
      earlier.reqIds.add(reqId);
      earlier.times += 1;
      return;
    }
    this.#received.set(text, { reqIds: new Set([reqId]), times: 1 });
    const [, run = '', conversation = '', number = ''] = match;
    const key = `${run}/${conversation}`;
    const sequence = this.#order.get(key) ?? [];
    sequence.push(Number(number));
    this.#order.set(key, sequence);
  }

  /** The text was found in the outbox after a kill. */
  onStored(text: string): void {
    if (textFormat.test(text)) this.#stored.add(text);
  }

  /** A command that sends `text` was published. */
  onCommand(reqId: string, text: string): void {
    this.#commands.set(reqId, text);
  }

  /** A response was received. */
  onResponse(reqId: string, body: string): void {
    const answers = this.#responses.get(reqId) ?? [];
    answers.push(body);
    this.#responses.set(reqId, answers);
  }

  /** @param done the texts that the bot sent, with repetitions. */
  evaluate(done: readonly string[]): SoakResult {
    const times = new Map<string, number>();
    for (const text of done) times.set(text, (times.get(text) ?? 0) + 1);
    const sequences = [...this.#order.values()];
    const gaps = sequences.reduce((sum, numbers) => sum + Math.max(...numbers) - numbers.length, 0);
    const missing = [...this.#stored].filter((text) => !this.#received.has(text));
    const firstResponses = [...this.#commands].map(([reqId, text]) => ({
      text,
      answer: JSON.parse(this.#responses.get(reqId)?.[0] ?? '{"code":0}') as Response,
    }));
    const received = [...this.#received.values()];
    return {
      lost: gaps + missing.length,
      outOfOrder: sequences.flatMap((numbers) =>
        numbers.filter((number, at) => number < (numbers[at - 1] ?? 0)),
      ).length,
      duplicatesUnderAnotherReqId: received.filter(({ reqIds }) => reqIds.size > 1).length,
      executedTwice: [...times.values()].filter((count) => count > 1).length,
      unanswered: this.pending,
      answeredDifferently: [...this.#responses.values()].filter((bodies) => new Set(bodies).size > 1).length,
      falselyConfirmed: firstResponses.filter(({ text, answer }) => answer.code === 200 && !times.has(text))
        .length,
      events: received.length,
      duplicates: received.reduce((sum, { times: count }) => sum + count - 1, 0),
      foundInOutboxes: this.#stored.size,
      commands: this.#commands.size,
      executed: times.size,
      refused: firstResponses.filter(({ answer }) => answer.error?.code === 'NOT_LOGGED_IN').length,
      outcomeUnknown: firstResponses.filter(({ answer }) => answer.error?.code === 'FAILED').length,
    };
  }
}
