/** A person with a phone: scans, confirms, writes, and reads what the bot has sent. */
import { randomBytes } from 'node:crypto';
import { type DeliveredMessage, type IlinkBot, nextMessageId, type WireMessage } from './bots';
import { encrypt } from './cdn';
import type { LoginCode, ScanOptions } from './logins';
import type { IlinkService } from './service';
import type { JsonObject } from './wire';

/** How a message reaches the bot. */
export interface SayOptions {
  /** The message is given away a second time, with the same id or with a new one. */
  readonly repeat?: 'same-id' | 'new-id';
  /** A quoted message. */
  readonly quote?: JsonObject;
  /** Fields that replace those of the message. */
  readonly fields?: JsonObject;
}

/** How the keys of a file are written: as images have them, as files have them, or (images only) not at all. */
export type KeyEncoding = 'hex-field' | 'raw' | 'hex-text' | 'none';

/** One person, who may have scanned codes of several bots; the newest bot is the one written to. */
export class Person {
  readonly name: string;
  readonly userId: string;
  readonly #service: IlinkService;

  constructor(name: string, service: IlinkService) {
    this.name = name;
    this.userId = `o9${randomBytes(10).toString('hex')}@im.wechat`;
    this.#service = service;
  }

  /** The person's present bot. @throws Error when there is none */
  get bot(): IlinkBot {
    const bot = this.#service.botOf(this.userId);
    if (!bot) throw new Error(`${this.name} has no bot.`);
    return bot;
  }

  /** What the bot has sent to this person, oldest first. */
  get inbox(): readonly DeliveredMessage[] {
    return this.bot.delivered;
  }

  /** The texts of it. */
  get texts(): string[] {
    return this.inbox.map(({ text }) => text);
  }

  /** Scans a QR code by its URL; a login goes on with `confirm`. */
  scan(url: string, options: ScanOptions = {}): LoginCode {
    return this.#service.scan(this, url, options);
  }

  /** Confirms the login on the phone. */
  confirm(code: LoginCode): void {
    this.#service.confirm(this, code);
  }

  /** Scans and confirms. */
  scanAndConfirm(url: string): void {
    this.confirm(this.scan(url));
  }

  /** Sends a text. @returns the id of the message */
  say(text: string, options: SayOptions = {}): string {
    return this.sendItem({ type: 1, text_item: { text } }, options);
  }

  /** Sends a picture. */
  sayImage(content: Buffer, keys: KeyEncoding = 'hex-field', options: SayOptions = {}): string {
    const { media, key } = this.#media(content, keys);
    const aeskey = keys === 'hex-field' ? { aeskey: key } : {};
    return this.sendItem({ type: 2, image_item: { media, ...aeskey, mid_size: content.length } }, options);
  }

  /** Sends a file. */
  sayFile(name: string, content: Buffer, keys: KeyEncoding = 'hex-text', options: SayOptions = {}): string {
    const { media } = this.#media(content, keys);
    return this.sendItem(
      { type: 4, file_item: { media, file_name: name, len: String(content.length) } },
      options,
    );
  }

  /** Sends a video. */
  sayVideo(content: Buffer, options: SayOptions = {}): string {
    const { media } = this.#media(content, 'hex-text');
    return this.sendItem({ type: 5, video_item: { media, video_size: content.length } }, options);
  }

  /** Sends a voice message, with a transcript when WeChat has made one. */
  sayVoice(content: Buffer, transcript?: string, options: SayOptions = {}): string {
    const { media } = this.#media(content, 'hex-text');
    const text = transcript === undefined ? {} : { text: transcript };
    const voice = { media, encode_type: 6, playtime: 1500, ...text };
    return this.sendItem({ type: 3, voice_item: voice }, options);
  }

  /** Sends any item. */
  sendItem(item: JsonObject, { repeat, quote, fields = {} }: SayOptions = {}): string {
    const { bot } = this;
    const id = nextMessageId();
    const now = this.#service.clock.now();
    const content = quote === undefined ? item : { ...item, ref_msg: quote };
    const message: WireMessage = {
      seq: Number(id % 100_000n),
      message_id: id,
      from_user_id: this.userId,
      to_user_id: bot.id,
      client_id: randomBytes(8).toString('hex'),
      create_time_ms: now,
      session_id: `${this.userId}#${bot.id}`,
      message_type: 1,
      message_state: 2,
      item_list: [{ ...content, msg_id: id, create_time_ms: now }],
      context_token: bot.newContext(),
      ...fields,
    };
    bot.push(message);
    if (repeat === 'same-id') bot.push(message);
    if (repeat === 'new-id') {
      const again = nextMessageId();
      const items = [{ ...content, msg_id: again, create_time_ms: now }];
      bot.push({ ...message, message_id: again, item_list: items });
    }
    return String(id);
  }

  /** The content of a picture, file or video in a message of the bot. */
  open({ item }: DeliveredMessage): Buffer {
    const detail = (item.image_item ?? item.file_item ?? item.video_item) as { media: JsonObject };
    return this.#service.cdn.open(detail.media);
  }

  /** Resolves when the bot has sent this many messages to this person. */
  async received(count: number): Promise<readonly DeliveredMessage[]> {
    await this.#service.until(
      () => (this.#service.botOf(this.userId)?.delivered.length ?? 0) >= count,
      () => `${this.name} has not received ${count} messages, only ${JSON.stringify(this.texts)}`,
    );
    return this.inbox;
  }

  #media(content: Buffer, keys: KeyEncoding): { readonly media: JsonObject; readonly key: string } {
    const key = randomBytes(16);
    const { cdn } = this.#service;
    const param = cdn.store(keys === 'none' ? content : encrypt(content, key));
    const encoded = {
      'hex-field': {},
      none: {},
      raw: { aes_key: key.toString('base64') },
      'hex-text': { aes_key: Buffer.from(key.toString('hex')).toString('base64') },
    }[keys];
    const fullUrl = this.#service.givesFullUrls ? { full_url: this.#service.downloadUrl(param) } : {};
    return {
      media: { encrypt_query_param: param, encrypt_type: 1, ...encoded, ...fullUrl },
      key: key.toString('hex'),
    };
  }
}
