/**
 * What happens to a command between its arrival and its answer: each is done at most once and answered exactly once,
 * slow ones hold up nobody, and what goes to one conversation keeps its order.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { errorMessage, WechatError } from '../../bot/errors';
import type { Command } from '../../commands/command';
import { findCommand } from '../../commands/run';
import { type Answers, fingerprintOf } from '../storage/idempotency-store';
import type { Handled } from '../dispatch/audit';
import type { Letter, Outbox } from '../storage/outbox';
import { Turns } from '../../util/keyed-mutex';
import { type Ask, failure, listItem, paramsFor, success } from './codec/response-mappers';
import { type Answer, type WireCommand, writeResponse } from './codec/codec';
import { pageRequest, pagesOf } from './codec/pagination';

/** Where an answer goes, beside the topic of its reqId. */
export interface ReplyTo {
  readonly topic?: string;
  /** In Base64. */
  readonly correlation?: string;
}

/** What an executor works with. */
export interface ExecutorParts {
  readonly answers: Answers;
  readonly outbox: Outbox;
  /** Where the answer to a reqId goes. */
  readonly responseTopic: (reqId: string) => string;
  readonly permitted: (command: Command) => boolean;
  /** The conversations in which a command says something: there, commands wait for each other. */
  readonly conversations: (command: string, params: WireCommand['params']) => readonly string[];
  /** Executes a command of the table for whoever asked. @throws WechatError */
  readonly ask: Ask;
  /** Executes one for ourselves, to find our words. @throws WechatError */
  readonly look: Ask;
  /** The age at which a command is not executed any more, in ms; Infinity for never. */
  readonly maxAge: number;
  /** Told after a command that changed something was done, before its answer goes out. */
  readonly done: (command: string, params: WireCommand['params'], result: unknown) => Promise<void>;
  readonly handled: (handled: Handled) => void;
}

/** A command, when it came, and where its answers go. */
interface Request {
  readonly wire: WireCommand;
  readonly receivedAt: number;
  /** When it is of no use any more, in ms since 1970. */
  readonly deadline: number;
  readonly replyTo: ReplyTo[];
}

/** A running command may not be executed again, but one that only reads is not worth keeping when it is large. */
const keptAnswer = 64 * 1024;

/** Executes commands and answers them. */
export class Executor {
  readonly #parts: ExecutorParts;
  readonly #turns = new Turns();
  readonly #running = new Map<string, Request>();
  readonly #idle: (() => void)[] = [];

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
  }

  /** Commands that are being executed, or wait for others. */
  get running(): number {
    return this.#running.size;
  }

  /** Finishes what an earlier life left: does what was not begun, and says of the rest that nobody knows. */
  async resume(): Promise<void> {
    for (const { fingerprint, begun, request } of await this.#parts.answers.open()) {
      const kept = JSON.parse(request) as Omit<Request, 'deadline'> & { deadline: number | null };
      const restored: Request = { ...kept, deadline: kept.deadline ?? Infinity };
      const command = findCommand(restored.wire.name);
      if (!command || (begun && !command.readOnly)) {
        const answer = failure(restored.wire.name, new WechatError('FAILED', 'outcomeUnknown'));
        await this.#finish(fingerprint, restored, answer, true);
      } else void this.#run(fingerprint, restored, command, true);
    }
  }

  /**
   * Takes a command. Resolves when it need not be delivered again.
   * @param age of the command, in ms, as far as it is known.
   * @param expiresIn for how many more ms it is of use.
   */
  async take(wire: WireCommand, replyTo: ReplyTo, age: number, expiresIn: number): Promise<void> {
    const now = Date.now();
    const request: Request = { wire, receivedAt: now, deadline: now + expiresIn, replyTo: [replyTo] };
    const command = findCommand(wire.name);
    const refusal = this.#refusal(wire, command, age);
    if (!command || refusal) {
      await this.reply(request.wire.reqId, wire.name, refusal ?? unknownCommand(wire.name), replyTo);
      return;
    }
    const fingerprint = fingerprintOf(wire.reqId, command.name, wire.params);
    const known = this.#parts.answers.look(fingerprint);
    if (known.state === 'running') {
      const running = this.#running.get(fingerprint);
      const isKnown = running?.replyTo.some(
        ({ topic, correlation }) => topic === replyTo.topic && correlation === replyTo.correlation,
      );
      if (isKnown === false) running?.replyTo.push(replyTo);
      return;
    }
    if (known.state === 'answered') {
      await this.#parts.outbox.answer(this.#letters(wire.reqId, known.answer.split('\n'), [replyTo]));
      return;
    }
    if (command.readOnly) await this.#takeReadOnly(fingerprint, request, command);
    else {
      const conversations = this.#parts.conversations(command.name, wire.params);
      const isFree = this.#turns.areFree(conversations);
      await this.#parts.answers.accept(fingerprint, JSON.stringify(request), isFree);
      void this.#run(fingerprint, request, command, isFree, conversations);
    }
  }

  /** What changes nothing may be done twice: only where it takes its time is it written down that it was asked. */
  async #takeReadOnly(fingerprint: string, request: Request, command: Command): Promise<void> {
    await Promise.race([this.#run(fingerprint, request, command, true), breathe()]);
    if (this.#running.get(fingerprint) !== request) return;
    await this.#parts.answers.accept(fingerprint, JSON.stringify(request), true);
  }

  /** Answers something that was not executed, and is told the same if it comes again. */
  async reply(reqId: string, name: string, thrown: WechatError, replyTo: ReplyTo): Promise<void> {
    const answer = failure(name, thrown);
    const body = writeResponse(reqId, name, answer);
    await this.#parts.outbox.answer(this.#letters(reqId, [body], [replyTo]));
    const { code, message } = answer;
    this.#parts.handled({ name, params: {}, code, message, reqId, ms: 0 });
  }

  /** Resolves when nothing is being executed. */
  async idle(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #refusal(wire: WireCommand, command: Command | undefined, age: number): WechatError | undefined {
    if (!command) return unknownCommand(wire.name);
    if (!this.#parts.permitted(command))
      return new WechatError('REFUSED', 'commandDenied', { name: command.name });
    if (age > this.#parts.maxAge) return expired();
    return undefined;
  }

  async #run(
    fingerprint: string,
    request: Request,
    command: Command,
    begun: boolean,
    conversations = this.#parts.conversations(command.name, request.wire.params),
  ): Promise<void> {
    this.#running.set(fingerprint, request);
    try {
      await this.#turns.run(conversations, async () => {
        if (!begun && !command.readOnly) await this.#parts.answers.begin(fingerprint);
        await this.#execute(fingerprint, request, command);
      });
    } catch (error) {
      // Nothing could be written down; what is in memory still goes out.
      const answer = failure(command.name, inOurWords(command.name, error));
      await this.#finish(fingerprint, request, answer, !command.readOnly).catch(() => undefined);
    }
  }

  async #execute(fingerprint: string, request: Request, command: Command): Promise<void> {
    const { wire, deadline } = request;
    let answer: Answer;
    try {
      if (Date.now() > deadline) throw expired();
      const paging = pageRequest(command.name, isList(command) ? wire.params : {});
      const result = await this.#parts.ask(command.name, paramsFor(command.name, wire.params));
      if (Array.isArray(result)) {
        await this.#finishList(fingerprint, request, command, result, paging);
        return;
      }
      if (!command.readOnly || command.name === 'roomQrcodeGet') {
        await this.#parts.done(command.name, wire.params, result);
      }
      answer = await success(command.name, result, this.#parts.look);
    } catch (error) {
      answer = failure(command.name, inOurWords(command.name, error));
    }
    await this.#finish(fingerprint, request, answer, true);
  }

  async #finishList(
    fingerprint: string,
    request: Request,
    command: Command,
    list: readonly unknown[],
    paging: { page?: number; size: number },
  ): Promise<void> {
    const { reqId, name } = request.wire;
    const kept: string[] = [];
    let size = 0;
    for (const page of pagesOf(list, paging)) {
      const items: unknown[] = await Promise.all(
        page.items.map((item) => listItem(command.name, item, this.#parts.look)),
      );
      const body = writeResponse(reqId, name, { code: 200, message: 'success', params: { ...page, items } });
      const isEnd = page.last === true || paging.page !== undefined;
      size += body.length;
      if (size <= keptAnswer) kept.push(body);
      const letters = this.#letters(reqId, [body], request.replyTo);
      const answer = size <= keptAnswer ? kept.join('\n') : undefined;
      const changes = isEnd ? this.#parts.answers.finish(fingerprint, answer) : [];
      if (isEnd) this.#ended(fingerprint, request, { code: 200, message: 'success' });
      const written = this.#parts.outbox.answer(letters, changes);
      // One page after the other: everybody else has a turn, and the outbox is not flooded.
      if (isEnd) await written;
      else await Promise.all([written, breathe()]);
    }
  }

  async #finish(fingerprint: string, request: Request, answer: Answer, keep: boolean): Promise<void> {
    const { reqId, name } = request.wire;
    const body = writeResponse(reqId, name, answer);
    const isReadOnly = findCommand(name)?.readOnly === true;
    const isKept = keep && !(isReadOnly && body.length > keptAnswer);
    const changes = this.#parts.answers.finish(fingerprint, isKept ? body : undefined);
    const written = this.#parts.outbox.answer(this.#letters(reqId, [body], request.replyTo), changes);
    this.#ended(fingerprint, request, answer);
    await written;
  }

  #ended(fingerprint: string, request: Request, { code, message }: Answer): void {
    const { name, params, reqId } = request.wire;
    this.#running.delete(fingerprint);
    this.#parts.handled({ name, params, code, message, reqId, ms: Date.now() - request.receivedAt });
    if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #letters(reqId: string, bodies: readonly string[], replyTo: readonly ReplyTo[]): Letter[] {
    const usual = this.#parts.responseTopic(reqId);
    const letters: Letter[] = [];
    for (const body of bodies) {
      const topics = new Set<string>();
      for (const { topic, correlation } of replyTo) {
        for (const one of [usual, topic ?? usual]) {
          if (topics.has(one)) continue;
          topics.add(one);
          letters.push({ topic: one, body, ...(correlation ? { correlation } : {}) });
        }
      }
    }
    return letters;
  }
}

function isList({ result }: Command): boolean {
  return (result as { type?: unknown }).type === 'array';
}

function unknownCommand(name: string): WechatError {
  return new WechatError('INVALID_PARAMS', 'unknownCommand', { name: name.slice(0, 128) });
}

function expired(): WechatError {
  return new WechatError('EXPIRED', 'commandExpired');
}

function inOurWords(command: string, error: unknown): WechatError {
  if (error instanceof WechatError) return error;
  return new WechatError('FAILED', 'callFailed', { call: command, error: errorMessage(error) });
}
