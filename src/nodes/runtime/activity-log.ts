/**
 * What bots have told and been told lately. Kept beside the bots and not in them, because a deploy replaces the bots
 * and nobody wants to lose sight of what happened a minute ago.
 */
import { EventEmitter } from 'node:events';
import type { Bot } from '../../bot/bot';
import type { CommandReport } from '../../bot/command-audit';
import type { BotEvent } from '../../bot/events';
import type { MessageView } from '../../bot/views';
import { excerpt, summaryOf } from './truncate-json';

/** Entries kept of each bot. */
const kept = 500;

/** The length at which a message's text is cut, so that memory stays bounded. */
const longText = 8192;

/** Events that come all the time and would push out what matters: kept only when a flow got them. */
const background = new Set<BotEvent['event']>(['heartbeat', 'dong', 'dirty']);

/** An event or a command, as the editor shows it. */
export interface ActivityEntry {
  /** Counts up, also over restarts. */
  readonly seq: number;
  /** In ms since 1970; of a command when it ended. */
  readonly timestamp: number;
  readonly kind: 'event' | 'command';
  /** The name of the event or command. */
  readonly name: string;
  /** One line about it. */
  readonly summary: string;
  /** The id of the node that got the event, the first if several did, or that gave the command. */
  readonly node?: string;
  /** All nodes that got the event, if several did. */
  readonly nodes?: readonly string[];
  /** Of a command: whether it was done. */
  readonly ok?: boolean;
  /** Why it was not. */
  readonly error?: string;
  /** The event, or `{params, result}`, cut to 8 KB and without codes, tokens and sessions. */
  readonly body: unknown;
}

interface Kept {
  readonly seq: number;
  readonly timestamp: number;
  readonly kind: ActivityEntry['kind'];
  readonly name: string;
  readonly nodes: string[];
  readonly ok?: boolean;
  readonly error?: string;
  /** Of a message the event itself, which costs nothing to keep; of anything else the excerpt. */
  readonly event?: BotEvent;
  readonly body?: unknown;
}

interface ActivityNews {
  /** Something was recorded; told a moment later, when all nodes have had the event. */
  entry: [botId: string, entry: ActivityEntry];
  /** The counters changed. */
  counts: [botId: string];
}

/** Tells of every entry in every record. */
export const activityNews = new EventEmitter<ActivityNews>().setMaxListeners(0);

const records = new Map<string, Activity>();

/** The record of a bot, by the bot's id; begun when there is none. */
export function activityOf(botId: string): Activity {
  const known = records.get(botId);
  if (known) return known;
  const made = new Activity(botId);
  records.set(botId, made);
  return made;
}

/** Forgets a bot that was removed. */
export function forgetActivity(botId: string): void {
  records.delete(botId);
}

/** The record of one bot. */
export class Activity {
  readonly #botId: string;
  readonly #entries: Kept[] = [];
  /** A clock's time never falls behind what was counted before a restart. */
  #seq = Date.now();
  #news: Kept[] = [];
  /** The latest events, until all nodes have had them. */
  readonly #told: [BotEvent, Kept][] = [];
  #redact: (words: string) => string = (words) => words;
  #received = 0;
  #sent = 0;

  constructor(botId: string) {
    this.#botId = botId;
  }

  /** Messages that came in since the record was begun. */
  get received(): number {
    return this.#received;
  }

  /** Messages the bot sent at the wish of flows and programs. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * Records what a bot tells and is told. Must be called before anybody else listens.
   * @param sentence puts a failure into words.
   * @returns what ends it.
   */
  follow(bot: Bot, sentence: (error: unknown) => string): () => void {
    this.#redact = (words) => bot.redact(words);
    const ends = [
      bot.on('event', (event) => {
        this.#hear(event);
      }),
      bot.on('sent', () => {
        this.#sent += 1;
        activityNews.emit('counts', this.#botId);
      }),
      bot.on('command', (report) => {
        this.#executed(report, sentence);
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  /** To be called, while an event is being told, by every node that passes it on. */
  handled(event: BotEvent, node: string): void {
    const told = this.#told.findLast(([known]) => known === event)?.[1];
    if (told) told.nodes.push(node);
    else if (background.has(event.event)) this.#keepEvent(event).nodes.push(node);
  }

  /** The entries after a number, oldest first. */
  since(after = 0): ActivityEntry[] {
    return this.#kept()
      .filter(({ seq }) => seq > after)
      .map((entry) => this.#entry(entry));
  }

  /** The number of the latest entry. */
  get latest(): number {
    return this.#seq;
  }

  /** The messages in the record, oldest first. */
  messages(): BotEvent[] {
    return this.#kept().flatMap(({ event }) => (event ? [event] : []));
  }

  #kept(): Kept[] {
    return this.#entries.slice(-kept);
  }

  #hear(event: BotEvent): void {
    if (background.has(event.event)) return;
    if (event.event === 'message' && !(event.message as MessageView).self) {
      this.#received += 1;
      activityNews.emit('counts', this.#botId);
    }
    this.#keepEvent(event);
  }

  #keepEvent(event: BotEvent): Kept {
    const { event: name, timestamp } = event;
    const what = name === 'message' ? { event: shortened(event) } : { body: this.#excerpt(event) };
    const entry = this.#keep({ timestamp, kind: 'event', name, ...what });
    this.#told.push([event, entry]);
    if (this.#told.length > 10) this.#told.shift();
    return entry;
  }

  #executed({ name, params, by, result, error }: CommandReport, sentence: (error: unknown) => string): void {
    // What a remote looks up to find its words was nobody's wish.
    if (by === undefined) return;
    const outcome = error ? { ok: false, error: sentence(error) } : { ok: true };
    const body = this.#excerpt(error ? { params } : { params, result });
    const entry = this.#keep({ timestamp: Date.now(), kind: 'command', name, body, ...outcome });
    entry.nodes.push(by);
  }

  #keep(what: Omit<Kept, 'seq' | 'nodes'>): Kept {
    this.#seq += 1;
    const entry: Kept = { ...what, seq: this.#seq, nodes: [] };
    this.#entries.push(entry);
    // A chunk at a time: moving five hundred entries for every message would cost more than keeping it.
    if (this.#entries.length >= kept * 2) this.#entries.splice(0, this.#entries.length - kept);
    if (activityNews.listenerCount('entry') > 0) {
      if (this.#news.length === 0) setImmediate(() => this.#tellNews());
      this.#news.push(entry);
    }
    return entry;
  }

  #tellNews(): void {
    const news = this.#news.slice(-kept);
    this.#news = [];
    for (const entry of news) activityNews.emit('entry', this.#botId, this.#entry(entry));
  }

  #entry({ seq, timestamp, kind, name, nodes, ok, error, event, body }: Kept): ActivityEntry {
    const told = event ? this.#excerpt(event) : body;
    const [node, ...others] = nodes;
    return {
      seq,
      timestamp,
      kind,
      name,
      summary: summaryOf(kind === 'command' ? (told as { params?: unknown }).params : told),
      ...(node === undefined ? {} : { node }),
      ...(others.length > 0 ? { nodes } : {}),
      ...(ok === undefined ? {} : { ok }),
      ...(error === undefined ? {} : { error }),
      body: told,
    };
  }

  #excerpt(value: unknown): unknown {
    return excerpt(value, this.#redact);
  }
}

/** The same message, or one with its text cut: a puppet may deliver megabytes of XML. */
function shortened(event: BotEvent): BotEvent {
  const message = event.message as MessageView;
  if (message.text.length <= longText && message.mentionIds.length <= 1000) return event;
  const mentionIds = message.mentionIds.slice(0, 1000);
  return { ...event, message: { ...message, text: message.text.slice(0, longText), mentionIds } };
}
