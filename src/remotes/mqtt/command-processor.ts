/**
 * Command processor: executes each command at most once and responds exactly once. Commands run concurrently, except
 * that those for one conversation keep their order.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { errorMessage, WechatError } from '../../bot/errors';
import type { Command } from '../../commands/command';
import { findCommand } from '../../commands/run';
import { type IdempotencyStore, fingerprintOf } from '../storage/idempotency-store';
import type { AuditRecord } from '../dispatch/audit';
import type { OutgoingMessage, Outbox } from '../storage/outbox';
import { KeyedMutex } from '../../util/keyed-mutex';
import { type RunCommand, mapError, mapListItem, toCommandParams, mapResult } from './codec/response-mappers';
import { type ResponseBody, type WireCommand, encodeResponse } from './codec/codec';
import { parsePageRequest, paginate } from './codec/pagination';

/** Where a response goes, in addition to the topic of its reqId. */
export interface ReplyTo {
  readonly topic?: string;
  /** In Base64. */
  readonly correlation?: string;
}

/** What a command processor depends on. */
export interface ProcessorDependencies {
  readonly idempotencyStore: IdempotencyStore;
  readonly outbox: Outbox;
  /** The default response topic of a reqId. */
  readonly responseTopic: (reqId: string) => string;
  readonly isPermitted: (command: Command) => boolean;
  /** The conversations a command sends to; commands with a common key run one after the other. */
  readonly orderingKeys: (command: string, params: WireCommand['params']) => readonly string[];
  /** Runs a command of the table on behalf of the client. @throws WechatError */
  readonly run: RunCommand;
  /** Runs a read-only command to complete a response. @throws WechatError */
  readonly query: RunCommand;
  /** Older commands are rejected, in ms; Infinity for no limit. */
  readonly maxAgeMs: number;
  /** Called after a command that changed something, before its response is queued. */
  readonly afterCommand: (command: string, params: WireCommand['params'], result: unknown) => Promise<void>;
  readonly onAudit: (record: AuditRecord) => void;
}

/** A command being executed. Stored as JSON while it is. */
interface PendingCommand {
  readonly wire: WireCommand;
  readonly receivedAt: number;
  /** When it expires, in ms since 1970. */
  readonly deadline: number;
  readonly replyTo: ReplyTo[];
}

/** Longer responses of read-only commands are not cached, because these can be executed again, in characters. */
const maxCachedLength = 64 * 1024;

/** Executes commands with idempotency and queues the responses. */
export class CommandProcessor {
  readonly #deps: ProcessorDependencies;
  readonly #mutex = new KeyedMutex();
  readonly #running = new Map<string, PendingCommand>();
  readonly #idleWaiters: (() => void)[] = [];

  constructor(deps: ProcessorDependencies) {
    this.#deps = deps;
  }

  /** Number of commands being executed or waiting for others. */
  get running(): number {
    return this.#running.size;
  }

  /** Completes the commands of the previous run: executes those not started, answers the others with `outcomeUnknown`. */
  async resume(): Promise<void> {
    for (const { fingerprint, isStarted, request } of await this.#deps.idempotencyStore.open()) {
      const stored = JSON.parse(request) as Omit<PendingCommand, 'deadline'> & { deadline: number | null };
      const restored: PendingCommand = { ...stored, deadline: stored.deadline ?? Infinity };
      const command = findCommand(restored.wire.name);
      if (!command || (isStarted && !command.readOnly)) {
        const response = mapError(restored.wire.name, new WechatError('FAILED', 'outcomeUnknown'));
        await this.#complete(fingerprint, restored, response, true);
      } else void this.#run(fingerprint, restored, command, true);
    }
  }

  /**
   * Accepts a command; resolves when it may be acknowledged.
   * @param ageMs how long ago it was sent; 0 when unknown.
   * @param expiresInMs when it expires; Infinity for never.
   * @throws Error when it cannot be stored.
   */
  async accept(wire: WireCommand, replyTo: ReplyTo, ageMs: number, expiresInMs: number): Promise<void> {
    const now = Date.now();
    const request: PendingCommand = {
      wire,
      receivedAt: now,
      deadline: now + expiresInMs,
      replyTo: [replyTo],
    };
    const command = findCommand(wire.name);
    const rejection = this.#rejectionOf(wire, command, ageMs);
    if (!command || rejection) {
      await this.reject(request.wire.reqId, wire.name, rejection ?? unknownCommandError(wire.name), replyTo);
      return;
    }
    const fingerprint = fingerprintOf(wire.reqId, command.name, wire.params);
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
    if (command.readOnly) await this.#acceptReadOnly(fingerprint, request, command);
    else {
      const orderingKeys = this.#deps.orderingKeys(command.name, wire.params);
      const isFree = this.#mutex.isFree(orderingKeys);
      await this.#deps.idempotencyStore.accept(fingerprint, JSON.stringify(request), isFree);
      void this.#run(fingerprint, request, command, isFree, orderingKeys);
    }
  }

  /** A read-only command may be executed twice: it is stored only when it does not complete at once. */
  async #acceptReadOnly(fingerprint: string, request: PendingCommand, command: Command): Promise<void> {
    await Promise.race([this.#run(fingerprint, request, command, true), yieldToEventLoop()]);
    if (this.#running.get(fingerprint) !== request) return;
    await this.#deps.idempotencyStore.accept(fingerprint, JSON.stringify(request), true);
  }

  /** Responds with an error to a request that is not executed. */
  async reject(reqId: string, name: string, error: WechatError, replyTo: ReplyTo): Promise<void> {
    const response = mapError(name, error);
    const body = encodeResponse(reqId, name, response);
    await this.#deps.outbox.appendResponse(this.#responseMessages(reqId, [body], [replyTo]));
    const { code, message } = response;
    this.#deps.onAudit({ name, params: {}, code, message, reqId, ms: 0 });
  }

  /** Resolves when no command is being executed. */
  async whenIdle(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  #rejectionOf(wire: WireCommand, command: Command | undefined, ageMs: number): WechatError | undefined {
    if (!command) return unknownCommandError(wire.name);
    if (!this.#deps.isPermitted(command))
      return new WechatError('REFUSED', 'commandDenied', { name: command.name });
    if (ageMs > this.#deps.maxAgeMs) return expiredError();
    return undefined;
  }

  async #run(
    fingerprint: string,
    request: PendingCommand,
    command: Command,
    isStarted: boolean,
    orderingKeys = this.#deps.orderingKeys(command.name, request.wire.params),
  ): Promise<void> {
    this.#running.set(fingerprint, request);
    try {
      await this.#mutex.runExclusive(orderingKeys, async () => {
        if (!isStarted && !command.readOnly) await this.#deps.idempotencyStore.markStarted(fingerprint);
        await this.#execute(fingerprint, request, command);
      });
    } catch (error) {
      // The store cannot be written; the response is published from memory.
      const response = mapError(command.name, toWechatError(command.name, error));
      await this.#complete(fingerprint, request, response, !command.readOnly).catch(() => undefined);
    }
  }

  async #execute(fingerprint: string, request: PendingCommand, command: Command): Promise<void> {
    const { wire, deadline } = request;
    let response: ResponseBody;
    try {
      if (Date.now() > deadline) throw expiredError();
      const paging = parsePageRequest(command.name, returnsList(command) ? wire.params : {});
      const result = await this.#deps.run(command.name, toCommandParams(command.name, wire.params));
      if (Array.isArray(result)) {
        await this.#completeList(fingerprint, request, command, result, paging);
        return;
      }
      if (!command.readOnly || command.name === 'roomQrcodeGet') {
        await this.#deps.afterCommand(command.name, wire.params, result);
      }
      response = await mapResult(command.name, result, this.#deps.query);
    } catch (error) {
      response = mapError(command.name, toWechatError(command.name, error));
    }
    await this.#complete(fingerprint, request, response, true);
  }

  async #completeList(
    fingerprint: string,
    request: PendingCommand,
    command: Command,
    list: readonly unknown[],
    paging: { page?: number; size: number },
  ): Promise<void> {
    const { reqId, name } = request.wire;
    const cached: string[] = [];
    let size = 0;
    for (const page of paginate(list, paging)) {
      const items: unknown[] = await Promise.all(
        page.items.map((item) => mapListItem(command.name, item, this.#deps.query)),
      );
      const body = encodeResponse(reqId, name, { code: 200, message: 'success', params: { ...page, items } });
      const isEnd = page.last === true || paging.page !== undefined;
      size += body.length;
      if (size <= maxCachedLength) cached.push(body);
      const messages = this.#responseMessages(reqId, [body], request.replyTo);
      const response = size <= maxCachedLength ? cached.join('\n') : undefined;
      const changes = isEnd ? this.#deps.idempotencyStore.complete(fingerprint, response) : [];
      if (isEnd) this.#settle(fingerprint, request, { code: 200, message: 'success' });
      const written = this.#deps.outbox.appendResponse(messages, changes);
      // Pages are queued one at a time, so that other commands can run and the outbox does not overflow.
      if (isEnd) await written;
      else await Promise.all([written, yieldToEventLoop()]);
    }
  }

  async #complete(
    fingerprint: string,
    request: PendingCommand,
    response: ResponseBody,
    isCacheable: boolean,
  ): Promise<void> {
    const { reqId, name } = request.wire;
    const body = encodeResponse(reqId, name, response);
    const isReadOnly = findCommand(name)?.readOnly === true;
    const isCached = isCacheable && !(isReadOnly && body.length > maxCachedLength);
    const changes = this.#deps.idempotencyStore.complete(fingerprint, isCached ? body : undefined);
    const written = this.#deps.outbox.appendResponse(
      this.#responseMessages(reqId, [body], request.replyTo),
      changes,
    );
    this.#settle(fingerprint, request, response);
    await written;
  }

  #settle(fingerprint: string, request: PendingCommand, { code, message }: ResponseBody): void {
    const { name, params, reqId } = request.wire;
    this.#running.delete(fingerprint);
    this.#deps.onAudit({ name, params, code, message, reqId, ms: Date.now() - request.receivedAt });
    if (this.#running.size === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
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

function toWechatError(command: string, error: unknown): WechatError {
  if (error instanceof WechatError) return error;
  return new WechatError('FAILED', 'callFailed', { call: command, error: errorMessage(error) });
}
