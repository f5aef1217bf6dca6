/**
 * Activity logs: the latest events and commands of each bot, in a ring buffer. They live outside the bots because a
 * deploy replaces the bots and the log must survive it.
 */
import { EventEmitter } from 'node:events';
import type { Bot } from '../../bot/bot';
import type { CommandAuditEntry } from '../../bot/command-audit';
import type { EventOf, TypedEvent } from '../../events/table';
import { truncateJson } from './truncate-json';

/** Entries per bot. */
const capacity = 500;

/** Longer message texts are truncated to bound memory, in characters. */
const maxTextLength = 8192;

/** Longer lists of mentions are truncated to bound memory. */
const maxMentions = 1000;

/** Frequent events that would push out the others; recorded only if a node handles them. */
const noisyEvents = new Set<TypedEvent['event']>(['heartbeat', 'dong', 'dirty']);

/** An event or a command in the log. */
export interface LogEntry {
  /** Sequence number; increases across restarts as well. */
  readonly seq: number;
  /** In ms since 1970; of a command: when it completed. */
  readonly timestamp: number;
  readonly kind: 'event' | 'command';
  /** The name of the event or command. */
  readonly name: string;
  /** The ids of the nodes that received the event, or of the node that ran the command. */
  readonly nodes: readonly string[];
  /** Of a command: whether it succeeded. */
  readonly ok?: boolean;
  /** Of a failed command: the localized error. */
  readonly error?: string;
  /** Of a message: the event itself, to be truncated when it is read. Other events and commands have `body`. */
  readonly message?: EventOf<'message'>;
  /** The event, or `{params, result}`; truncated, without secrets. */
  readonly body?: unknown;
}

interface ActivityEvents {
  /** A new entry; emitted asynchronously, once all nodes have handled the event. */
  entry: [log: ActivityLog, entry: LogEntry];
  /** The counters changed. */
  counts: [];
}

/** Changes of all activity logs. */
export const activityEvents = new EventEmitter<ActivityEvents>().setMaxListeners(0);

const logs = new Map<string, ActivityLog>();

/** The activity log of a bot; created on first use. */
export function activityLogOf(botId: string): ActivityLog {
  const existing = logs.get(botId);
  if (existing) return existing;
  const created = new ActivityLog(botId);
  logs.set(botId, created);
  return created;
}

/** Deletes the log of a removed bot. */
export function removeActivityLog(botId: string): void {
  logs.delete(botId);
}

type MutableEntry = LogEntry & { readonly nodes: string[] };

/** The activity log of one bot. */
export class ActivityLog {
  readonly #entries: MutableEntry[] = [];
  /** Starts at the current time, so that it exceeds every number of the previous run. */
  #seq = Date.now();
  #pending: LogEntry[] = [];
  /** The latest events, for `markHandledBy`. */
  readonly #recent: [TypedEvent, MutableEntry][] = [];
  #redact: (text: string) => string = (text) => text;
  #received = 0;
  #sent = 0;

  constructor(readonly botId: string) {}

  /** Messages received since the log was created. */
  get received(): number {
    return this.#received;
  }

  /** Messages sent by flows and remotes since the log was created. */
  get sent(): number {
    return this.#sent;
  }

  /** Removes the secrets of the bot from a text. */
  redact(text: string): string {
    return this.#redact(text);
  }

  /**
   * Records the commands of a bot. Its events must be recorded by `onEvent`, before nodes receive them.
   * @returns a function that detaches the log.
   */
  attach(bot: Bot, translateError: (error: unknown) => string): () => void {
    this.#redact = (text) => bot.redact(text);
    const unsubscribes = [
      bot.on('sent', () => {
        this.#sent += 1;
        activityEvents.emit('counts');
      }),
      bot.on('command', (command) => {
        this.#onCommand(command, translateError);
      }),
    ];
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    };
  }

  /** Records an event. */
  onEvent(event: TypedEvent): void {
    if (noisyEvents.has(event.event)) return;
    if (event.event === 'message' && !event.message.self) {
      this.#received += 1;
      activityEvents.emit('counts');
    }
    this.#addEvent(event);
  }

  /** Called during an event's dispatch by every node that passes it on. */
  markHandledBy(event: TypedEvent, nodeId: string): void {
    const entry = this.#recent.findLast(([recent]) => recent === event)?.[1];
    if (entry) entry.nodes.push(nodeId);
    else if (noisyEvents.has(event.event)) this.#addEvent(event).nodes.push(nodeId);
  }

  /** The entries after a sequence number, oldest first. */
  entriesAfter(after: number): LogEntry[] {
    return this.#latestEntries().filter(({ seq }) => seq > after);
  }

  /** The sequence number of the latest entry. */
  get latestSeq(): number {
    return this.#seq;
  }

  /** The `message` events in the log, oldest first. */
  messages(): EventOf<'message'>[] {
    return this.#latestEntries().flatMap(({ message }) => (message ? [message] : []));
  }

  #latestEntries(): LogEntry[] {
    return this.#entries.slice(-capacity);
  }

  #addEvent(event: TypedEvent): MutableEntry {
    const { event: name, timestamp } = event;
    const content =
      event.event === 'message' ? { message: boundedMessage(event) } : { body: this.#truncate(event) };
    const entry = this.#add({ timestamp, kind: 'event', name, nodes: [], ...content });
    this.#recent.push([event, entry]);
    if (this.#recent.length > 10) this.#recent.shift();
    return entry;
  }

  #onCommand(
    { name, params, nodeId, result, error }: CommandAuditEntry,
    translateError: (error: unknown) => string,
  ): void {
    // A remote's internal lookups carry no node id.
    if (nodeId === undefined) return;
    const outcome = error ? { ok: false, error: translateError(error) } : { ok: true };
    const body = this.#truncate(error ? { params } : { params, result });
    this.#add({ timestamp: Date.now(), kind: 'command', name, nodes: [nodeId], body, ...outcome });
  }

  #add(fields: Omit<MutableEntry, 'seq'>): MutableEntry {
    this.#seq += 1;
    const entry = { ...fields, seq: this.#seq };
    this.#entries.push(entry);
    // Evicts in chunks: shifting 500 entries for every message would cost more than recording it.
    if (this.#entries.length >= capacity * 2) this.#entries.splice(0, this.#entries.length - capacity);
    if (activityEvents.listenerCount('entry') > 0) {
      if (this.#pending.length === 0) setImmediate(() => this.#emitPending());
      this.#pending.push(entry);
    }
    return entry;
  }

  #emitPending(): void {
    const entries = this.#pending.slice(-capacity);
    this.#pending = [];
    for (const entry of entries) activityEvents.emit('entry', this, entry);
  }

  #truncate(value: unknown): unknown {
    return truncateJson(value, this.#redact);
  }
}

/** The event with a bounded text and mention list: a puppet may deliver megabytes of XML. */
function boundedMessage(event: EventOf<'message'>): EventOf<'message'> {
  const { text, textWithoutMentions, mentionIds } = event.message;
  if (text.length <= maxTextLength && mentionIds.length <= maxMentions) return event;
  const bounded = {
    text: text.slice(0, maxTextLength),
    textWithoutMentions: textWithoutMentions?.slice(0, maxTextLength),
    mentionIds: mentionIds.slice(0, maxMentions),
  };
  return { ...event, message: { ...event.message, ...bounded } };
}
