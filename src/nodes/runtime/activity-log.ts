/**
 * Activity logs: the latest events and commands of each bot, in a ring buffer. They live outside the bots because a
 * deploy replaces the bots and the log must survive it.
 */
import { EventEmitter } from 'node:events';
import type { Bot } from '../../bot/bot';
import type { CommandAuditEntry } from '../../bot/command-audit';
import type { BotEvent } from '../../bot/events';
import type { MessageView } from '../../bot/views';
import { truncateJson, summarize } from './truncate-json';

/** Entries per bot. */
const capacity = 500;

/** Longer message texts are truncated to bound memory, in characters. */
const maxTextLength = 8192;

/** Frequent events that would push out the others; recorded only if a node handles them. */
const noisyEvents = new Set<BotEvent['event']>(['heartbeat', 'dong', 'dirty']);

/** An event or a command, as the editor shows it. */
export interface ActivityEntry {
  /** Sequence number; increases across restarts as well. */
  readonly seq: number;
  /** In ms since 1970; of a command: when it completed. */
  readonly timestamp: number;
  readonly kind: 'event' | 'command';
  /** The name of the event or command. */
  readonly name: string;
  /** One line about it. */
  readonly summary: string;
  /** The id of the (first) node that received the event, or of the node that ran the command. */
  readonly node?: string;
  /** The ids of all nodes that received the event, if there are several. */
  readonly nodes?: readonly string[];
  /** Of a command: whether it succeeded. */
  readonly ok?: boolean;
  /** Of a failed command: the localized error. */
  readonly error?: string;
  /** The event, or `{params, result}`; truncated to 8 KB, with login codes, tokens and sessions removed. */
  readonly body: unknown;
}

interface LogEntry {
  readonly seq: number;
  readonly timestamp: number;
  readonly kind: ActivityEntry['kind'];
  readonly name: string;
  readonly nodes: string[];
  readonly ok?: boolean;
  readonly error?: string;
  /** Of a message: the event itself, truncated when it is read. Other events and commands have `body`. */
  readonly event?: BotEvent;
  readonly body?: unknown;
}

interface ActivityEvents {
  /** A new entry; emitted asynchronously, once all nodes have handled the event. */
  entry: [botId: string, entry: ActivityEntry];
  /** The counters changed. */
  counts: [botId: string];
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

/** The activity log of one bot. */
export class ActivityLog {
  readonly #botId: string;
  readonly #entries: LogEntry[] = [];
  /** Starts at the current time, so that it exceeds every number of the previous run. */
  #seq = Date.now();
  #pending: LogEntry[] = [];
  /** The latest events, for `markHandledBy`. */
  readonly #recent: [BotEvent, LogEntry][] = [];
  #redact: (text: string) => string = (text) => text;
  #received = 0;
  #sent = 0;

  constructor(botId: string) {
    this.#botId = botId;
  }

  /** Messages received since the log was created. */
  get received(): number {
    return this.#received;
  }

  /** Messages sent by flows and remotes since the log was created. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * Records the events and commands of a bot. Must be called before other listeners are added.
   * @returns a function that detaches the log.
   */
  attach(bot: Bot, translateError: (error: unknown) => string): () => void {
    this.#redact = (text) => bot.redact(text);
    const unsubscribes = [
      bot.on('event', (event) => {
        this.#onEvent(event);
      }),
      bot.on('sent', () => {
        this.#sent += 1;
        activityEvents.emit('counts', this.#botId);
      }),
      bot.on('command', (command) => {
        this.#onCommand(command, translateError);
      }),
    ];
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    };
  }

  /** Called during an event's dispatch by every node that passes it on. */
  markHandledBy(event: BotEvent, nodeId: string): void {
    const entry = this.#recent.findLast(([recent]) => recent === event)?.[1];
    if (entry) entry.nodes.push(nodeId);
    else if (noisyEvents.has(event.event)) this.#addEvent(event).nodes.push(nodeId);
  }

  /** The entries after a sequence number, oldest first. */
  entriesAfter(after = 0): ActivityEntry[] {
    return this.#latestEntries()
      .filter(({ seq }) => seq > after)
      .map((entry) => this.#toActivityEntry(entry));
  }

  /** The sequence number of the latest entry. */
  get latestSeq(): number {
    return this.#seq;
  }

  /** The `message` events in the log, oldest first. */
  messages(): BotEvent[] {
    return this.#latestEntries().flatMap(({ event }) => (event ? [event] : []));
  }

  #latestEntries(): LogEntry[] {
    return this.#entries.slice(-capacity);
  }

  #onEvent(event: BotEvent): void {
    if (noisyEvents.has(event.event)) return;
    if (event.event === 'message' && !(event.message as MessageView).self) {
      this.#received += 1;
      activityEvents.emit('counts', this.#botId);
    }
    this.#addEvent(event);
  }

  #addEvent(event: BotEvent): LogEntry {
    const { event: name, timestamp } = event;
    const content = name === 'message' ? { event: withShortText(event) } : { body: this.#truncate(event) };
    const entry = this.#add({ timestamp, kind: 'event', name, ...content });
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
    const entry = this.#add({ timestamp: Date.now(), kind: 'command', name, body, ...outcome });
    entry.nodes.push(nodeId);
  }

  #add(fields: Omit<LogEntry, 'seq' | 'nodes'>): LogEntry {
    this.#seq += 1;
    const entry: LogEntry = { ...fields, seq: this.#seq, nodes: [] };
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
    for (const entry of entries) activityEvents.emit('entry', this.#botId, this.#toActivityEntry(entry));
  }

  #toActivityEntry(entry: LogEntry): ActivityEntry {
    const { seq, timestamp, kind, name, nodes, ok, error } = entry;
    const body = entry.event ? this.#truncate(entry.event) : entry.body;
    const [node, ...others] = nodes;
    return {
      seq,
      timestamp,
      kind,
      name,
      summary: summarize(kind === 'command' ? (body as { params?: unknown }).params : body),
      ...(node === undefined ? {} : { node }),
      ...(others.length > 0 ? { nodes } : {}),
      ...(ok === undefined ? {} : { ok }),
      ...(error === undefined ? {} : { error }),
      body,
    };
  }

  #truncate(value: unknown): unknown {
    return truncateJson(value, this.#redact);
  }
}

/** The event with a bounded text and mention list: a puppet may deliver megabytes of XML. */
function withShortText(event: BotEvent): BotEvent {
  const message = event.message as MessageView;
  if (message.text.length <= maxTextLength && message.mentionIds.length <= 1000) return event;
  const mentionIds = message.mentionIds.slice(0, 1000);
  return { ...event, message: { ...message, text: message.text.slice(0, maxTextLength), mentionIds } };
}
