/**
 * What was said, heard, asked, done and answered during a soak, and what follows from it.
 *
 * An event counts from the moment the remote's outbox has it; only then has the remote promised anything. Who talks
 * numbers what is said in each conversation of each life of Node-RED, from 1. So two things must hold: what was found in the
 * outbox after a kill has arrived, and what has arrived has no gaps. What the killed process had not yet taken on is
 * missing at the end of a life, never in the middle.
 */

/** The counts; the first five must be 0. */
export interface Balance {
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicatesUnderAnotherReqId: number;
  readonly executedTwice: number;
  readonly unanswered: number;
  readonly answeredDifferently: number;
  readonly saidToHaveSentButDidNot: number;
  /** For information. */
  readonly events: number;
  readonly duplicates: number;
  readonly foundInOutboxes: number;
  readonly commands: number;
  readonly executed: number;
  readonly refused: number;
  readonly outcomeUnknown: number;
}

/** A text of the talk: which life, which conversation, which number. */
const numbered = /^(\d+)\/(\d+)\/(\d+)$/;

interface Answer {
  readonly code: number;
  readonly params?: { readonly success?: readonly unknown[] };
  readonly error?: { readonly code: string };
}

/** Keeps the books. */
export class Ledger {
  readonly #heard = new Map<string, { readonly reqIds: Set<string>; times: number }>();
  readonly #order = new Map<string, number[]>();
  readonly #promised = new Set<string>();
  readonly #asked = new Map<string, string>();
  readonly #answers = new Map<string, string[]>();

  /** Commands that nobody has answered yet. */
  get open(): number {
    return [...this.#asked.keys()].filter((reqId) => !this.#answers.has(reqId)).length;
  }

  /** Whether a text was heard. */
  hasHeard(text: string): boolean {
    return this.#heard.has(text);
  }

  /** The subscriber got an event. */
  heard(reqId: string, text: string): void {
    const match = numbered.exec(text);
    if (!match) return;
    const known = this.#heard.get(text);
    if (known) {
      known.reqIds.add(reqId);
      known.times += 1;
      return;
    }
    this.#heard.set(text, { reqIds: new Set([reqId]), times: 1 });
    const [, life = '', conversation = '', number = ''] = match;
    const place = `${life}/${conversation}`;
    const sequence = this.#order.get(place) ?? [];
    sequence.push(Number(number));
    this.#order.set(place, sequence);
  }

  /** After a kill this was found in the outbox. */
  promised(text: string): void {
    if (numbered.test(text)) this.#promised.add(text);
  }

  /** A command that says `text` was published. */
  asked(reqId: string, text: string): void {
    this.#asked.set(reqId, text);
  }

  /** An answer came. */
  answered(reqId: string, body: string): void {
    const answers = this.#answers.get(reqId) ?? [];
    answers.push(body);
    this.#answers.set(reqId, answers);
  }

  /** @param done the texts that were really said on the bot's behalf, one for each time. */
  balance(done: readonly string[]): Balance {
    const times = new Map<string, number>();
    for (const text of done) times.set(text, (times.get(text) ?? 0) + 1);
    const sequences = [...this.#order.values()];
    const gaps = sequences.reduce((sum, numbers) => sum + Math.max(...numbers) - numbers.length, 0);
    const forgotten = [...this.#promised].filter((text) => !this.#heard.has(text));
    const firstAnswers = [...this.#asked].map(([reqId, text]) => ({
      text,
      answer: JSON.parse(this.#answers.get(reqId)?.[0] ?? '{"code":0}') as Answer,
    }));
    const heard = [...this.#heard.values()];
    return {
      lost: gaps + forgotten.length,
      outOfOrder: sequences.flatMap((numbers) =>
        numbers.filter((number, at) => number < (numbers[at - 1] ?? 0)),
      ).length,
      duplicatesUnderAnotherReqId: heard.filter(({ reqIds }) => reqIds.size > 1).length,
      executedTwice: [...times.values()].filter((count) => count > 1).length,
      unanswered: this.open,
      answeredDifferently: [...this.#answers.values()].filter((bodies) => new Set(bodies).size > 1).length,
      saidToHaveSentButDidNot: firstAnswers.filter(
        ({ text, answer }) => answer.code === 200 && !times.has(text),
      ).length,
      events: heard.length,
      duplicates: heard.reduce((sum, { times: count }) => sum + count - 1, 0),
      foundInOutboxes: this.#promised.size,
      commands: this.#asked.size,
      executed: times.size,
      refused: firstAnswers.filter(({ answer }) => answer.error?.code === 'NOT_LOGGED_IN').length,
      outcomeUnknown: firstAnswers.filter(({ answer }) => answer.error?.code === 'FAILED').length,
    };
  }
}
