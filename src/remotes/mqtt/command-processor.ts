/**
 * Command processor: executes each command at most once and responds exactly once. Commands run concurrently, except
 * that those for one conversation keep their order.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { WechatError } from '../../bot/errors';
import type { Command } from '../../commands/command';
import { findCommand } from '../../commands/run';
import { type IdempotencyStore, fingerprintOf } from '../storage/idempotency-store';
import type { AuditOutcome, CommandDispatcher } from '../dispatch/command-dispatcher';
import type { OutgoingMessage, Outbox } from '../storage/outbox';
import { KeyedMutex } from '../../util/keyed-mutex';
import { mapError, mapListItem, toCommandParams, mapResult } from './codec/response-mappers';
import { type ResponseBody, type WireCommand, encodeResponse } from './codec/codec';
import { legacyEventsFor } from './codec/legacy-events';
import { parsePageRequest, paginate } from './codec/pagination';

/** Where a response goes, in addition to the topic of its reqId. */
export interface ReplyTo {
  readonly topic?: string;
  /** In Base64. */
  readonly correlation?: string;
}

/** What a command processor depends on. */
export interface ProcessorDependencies {
  readonly dispatcher: CommandDispatcher;
  readonly idempotencyStore: IdempotencyStore;
  readonly outbox: Outbox;
  /** The default response topic of a reqId. */
  readonly responseTopic: (reqId: string) => string;
  /** The conversations a command sends to; commands with a common key run one after the other. */
  readonly orderingKeys: (command: string, params: WireCommand['params']) => readonly string[];
  /** Older commands are rejected, in ms; Infinity for no limit. */
  readonly maxAgeMs: number;
}

/** A command being executed. Stored as JSON while it is. */
interface PendingCommand {
  readonly wire: WireCommand;
  readonly receivedAt: number;
  /** When it expires, in ms since 1970. */
  readonly deadline: number;
  readonly replyTo: ReplyTo[];
}

/** A command between its start and its response. */
interface RunningCommand {
  readonly fingerprint: string;
  /** `undefined` when it was stored by a version that had this command. */
  readonly command: Command | undefined;
  readonly pending: PendingCommand;
  readonly endAudit: (outcome: AuditOutcome) => void;
}

/** Longer responses of read-only commands are not cached, because these can be executed again, in characters. */
const maxCachedLength = 64 * 1024;

/** Code and message of a successful response. */
const ok = { code: 200, message: 'success' } as const;

/** Executes commands with idempotency and queues the responses. */
export class CommandProcessor {
  readonly #deps: ProcessorDependencies;
  readonly #mutex = new KeyedMutex();
  readonly #running = new Map<string, PendingCommand>();

  constructor(deps: ProcessorDependencies) {
    this.#deps = deps;
  }

  /** Completes the commands of the previous run: executes those not started, answers the others with `outcomeUnknown`. */
  async resume(): Promise<void> {
    for (const { fingerprint, isStarted, request } of await this.#deps.idempotencyStore.open()) {
      const stored = JSON.parse(request) as Omit<PendingCommand, 'deadline'> & { deadline: number | null };
      const pending: PendingCommand = { ...stored, deadline: stored.deadline ?? Infinity };
      const command = findCommand(pending.wire.name);
      if (command && (command.readOnly || !isStarted))
        void this.#run(fingerprint, pending, command, isStarted);
      else {
        const response = mapError(pending.wire.name, new WechatError('FAILED', 'outcomeUnknown'));
        // Not awaited: it may have to wait until the store can be written.
        void this.#complete(this.#start(fingerprint, pending, command), response, true).catch(
          () => undefined,
        );
      }
    }
  }

  /**
   * Accepts a command; resolves when it may be acknowledged.
   * @param ageMs how long ago it was sent; 0 when unknown.
   * @param expiresInMs when it expires; Infinity for never.
   * @throws Error when it cannot be stored.
   */
  async accept(wire: WireCommand, replyTo: ReplyTo, ageMs: number, expiresInMs: number): Promise<void> {
    const command = findCommand(wire.name);
    const rejection = this.#rejectionOf(wire.name, command, ageMs);
    if (!command || rejection) {
      await this.reject(wire.reqId, wire.name, rejection ?? unknownCommandError(wire.name), replyTo);
      return;
    }
    const { params, timestamp } = wire;
    const fingerprint = fingerprintOf(wire.reqId, command.name, { params, timestamp });
    const known = this.#deps.idempotencyStore.lookup(fingerprint);
    if (known.state === 'running') {
      const running = this.#running.get(fingerprint);
      const isKnown = running?.replyTo.some(
        ({ topic, correlation }) => topic === replyTo.topic && correlation === replyTo.correlation,
      );
      if (isKnown === false) running?.replyTo.push(replyTo);
      return;
    }
    if (known.state === 'completed') {
      await this.#deps.outbox.appendResponse(
        this.#responseMessages(wire.reqId, known.response.split('\n'), [replyTo]),
      );
      return;
    }
    if (known.state === 'damaged') {
      await this.reject(wire.reqId, wire.name, new WechatError('FAILED', 'outcomeUnknown'), replyTo);
      return;
    }
    const now = Date.now();
    const pending = { wire, receivedAt: now, deadline: now + expiresInMs, replyTo: [replyTo] };
    if (command.readOnly) await this.#acceptReadOnly(fingerprint, pending, command);
    else {
      const orderingKeys = this.#deps.orderingKeys(command.name, wire.params);
      const isFree = this.#mutex.isFree(orderingKeys);
      await this.#deps.idempotencyStore.accept(fingerprint, JSON.stringify(pending), isFree);
      void this.#run(fingerprint, pending, command, isFree, orderingKeys);
    }
  }

  /** A read-only command may be executed twice: it is stored only when it does not complete at once. */
  async #acceptReadOnly(fingerprint: string, pending: PendingCommand, command: Command): Promise<void> {
    await Promise.race([this.#run(fingerprint, pending, command, true), yieldToEventLoop()]);
    if (this.#running.get(fingerprint) !== pending) return;
    await this.#deps.idempotencyStore.accept(fingerprint, JSON.stringify(pending), true);
  }

  /** Responds with an error to a request that is not executed, and audits it. */
  async reject(reqId: string, name: string, error: WechatError, replyTo: ReplyTo): Promise<void> {
    const endAudit = this.#deps.dispatcher.startAudit({ name, params: {}, reqId });
    const response = mapError(name, error);
    const messages = this.#responseMessages(reqId, [encodeResponse(reqId, name, response)], [replyTo]);
    try {
      await this.#deps.outbox.appendResponse(messages);
    } finally {
      endAudit(response);
    }
  }

  #rejectionOf(name: string, command: Command | undefined, ageMs: number): WechatError | undefined {
    if (!command) return unknownCommandError(name);
    const refusal = this.#deps.dispatcher.refusalOf([command.name]);
    return refusal ?? (ageMs > this.#deps.maxAgeMs ? expiredError() : undefined);
  }

  #start(fingerprint: string, pending: PendingCommand, command: Command | undefined): RunningCommand {
    const { name, params, reqId } = pending.wire;
    this.#running.set(fingerprint, pending);
    const endAudit = this.#deps.dispatcher.startAudit({ name, params, reqId });
    return { fingerprint, command, pending, endAudit };
  }

  async #run(
    fingerprint: string,
    pending: PendingCommand,
    command: Command,
    isStarted: boolean,
    orderingKeys = this.#deps.orderingKeys(command.name, pending.wire.params),
  ): Promise<void> {
    const running = this.#start(fingerprint, pending, command);
    try {
      await this.#mutex.runExclusive(orderingKeys, async () => {
        if (!isStarted && !command.readOnly) await this.#deps.idempotencyStore.markStarted(fingerprint);
        await this.#execute(running, command);
      });
    } catch (error) {
      // The store was closed meanwhile: the next run completes the command.
      if (this.#running.get(fingerprint) === pending) this.#end(running, this.#errorResponse(command, error));
    }
  }

  async #execute(running: RunningCommand, command: Command): Promise<void> {
    const { wire, deadline } = running.pending;
    const { dispatcher, outbox } = this.#deps;
    let response: ResponseBody;
    try {
      // eslint-disable-next-line no-restricted-syntax -- stored, and compared after a restart
      if (Date.now() > deadline) throw expiredError();
      const paging = parsePageRequest(command.name, returnsList(command) ? wire.params : {});
      const result = await dispatcher.runUntrusted(command.name, toCommandParams(command.name, wire.params));
      if (Array.isArray(result)) {
        await this.#completeList(running, command, result, paging);
        return;
      }
      const legacyEvents = legacyEventsFor(command.name, result, dispatcher.query);
      if (legacyEvents) {
        const messages = (await legacyEvents).map((body) => ({ body }));
        // An event that cannot be stored is published nevertheless.
        if (messages.length > 0) await outbox.append('events', messages).catch(() => undefined);
      }
      response = await mapResult(command.name, result, dispatcher.query);
    } catch (error) {
      response = this.#errorResponse(command, error);
    }
    await this.#complete(running, response, true);
  }

  #errorResponse({ name }: Command, error: unknown): ResponseBody {
    return mapError(name, this.#deps.dispatcher.toWechatError(name, error));
  }

  async #completeList(
    running: RunningCommand,
    command: Command,
    list: readonly unknown[],
    paging: { page?: number; size: number },
  ): Promise<void> {
    const { fingerprint, pending } = running;
    const { reqId, name } = pending.wire;
    const cached: string[] = [];
    let size = 0;
    for (const page of paginate(list, paging)) {
      const items: unknown[] = await Promise.all(
        page.items.map((item) => mapListItem(command.name, item, this.#deps.dispatcher.query)),
      );
      const body = encodeResponse(reqId, name, { ...ok, params: { ...page, items } });
      const isEnd = page.last === true || paging.page !== undefined;
      size += body.length;
      if (size <= maxCachedLength) cached.push(body);
      const messages = this.#responseMessages(reqId, [body], pending.replyTo);
      const response = size <= maxCachedLength ? cached.join('\n') : undefined;
      const changes = isEnd ? this.#deps.idempotencyStore.complete(fingerprint, response) : [];
      if (isEnd) this.#end(running, ok);
      const written = this.#deps.outbox.appendResponse(messages, changes, 'wait');
      // Pages are queued one at a time, so that other commands can run and the outbox does not overflow.
      if (isEnd) await written;
      else await Promise.all([written, yieldToEventLoop()]);
    }
  }

  async #complete(running: RunningCommand, response: ResponseBody, isCacheable: boolean): Promise<void> {
    const { fingerprint, command, pending } = running;
    const { reqId, name } = pending.wire;
    const body = encodeResponse(reqId, name, response);
    const isCached = isCacheable && !(command?.readOnly === true && body.length > maxCachedLength);
    const changes = this.#deps.idempotencyStore.complete(fingerprint, isCached ? body : undefined);
    const messages = this.#responseMessages(reqId, [body], pending.replyTo);
    const written = this.#deps.outbox.appendResponse(messages, changes, 'wait');
    this.#end(running, response);
    await written;
  }

  #end({ fingerprint, endAudit }: RunningCommand, outcome: AuditOutcome): void {
    this.#running.delete(fingerprint);
    endAudit(outcome);
  }

  #responseMessages(
    reqId: string,
    bodies: readonly string[],
    replyTo: readonly ReplyTo[],
  ): OutgoingMessage[] {
    const defaultTopic = this.#deps.responseTopic(reqId);
    const messages: OutgoingMessage[] = [];
    for (const body of bodies) {
      const topics = new Set<string>();
      for (const { topic, correlation } of replyTo) {
        for (const one of [defaultTopic, topic ?? defaultTopic]) {
          if (topics.has(one)) continue;
          topics.add(one);
          messages.push({ topic: one, body, ...(correlation ? { correlation } : {}) });
        }
      }
    }
    return messages;
  }
}

function returnsList({ result }: Command): boolean {
  return (result as { type?: unknown }).type === 'array';
}

function unknownCommandError(name: string): WechatError {
  return new WechatError('INVALID_PARAMS', 'unknownCommand', { name: name.slice(0, 128) });
}

function expiredError(): WechatError {
  return new WechatError('EXPIRED', 'commandExpired');
}
