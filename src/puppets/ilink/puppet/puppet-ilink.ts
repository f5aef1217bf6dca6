/** The puppet's contacts and messages. */
import { FileBox, type FileBoxInterface } from 'file-box';
import type { payloads } from 'wechaty-puppet';
import type { Binding, StoredMessage } from '../bindings/records';
import { itemType } from '../client/wire-types';
import { downloadFile, maxFileBytes, uploadFile } from '../media/cdn';
import { safeFileName } from '../media/file-name';
import { PuppetError } from '../puppet-error';
import type { Outgoing, SendResult } from '../sender';
import { splitText } from '../text-parts';
import { contactPayload, type MessagePayload, messagePayload } from './payloads';
import { IlinkSession } from './session';

/** The states of the last sends are kept for whoever asks for them at once. */
const maxStates = 1_000;

/** A Wechaty puppet on WeChat's own bot API. */
export class PuppetIlink extends IlinkSession {
  readonly #states = new Map<string, SendResult['state']>();

  /**
   * What became of a send, by the id it returned: `pending` when it is held for the person's next message,
   * `unconfirmed` when WeChat gave no id for it.
   */
  sendState(id: string): SendResult['state'] | undefined {
    return this.#states.get(id);
  }

  override contactList(): Promise<string[]> {
    return Promise.resolve(this.account.bindings.map(({ userId }) => userId));
  }

  override contactRawPayload(id: string): Promise<payloads.Contact> {
    const isSelf = this.isLoggedIn && id === this.currentUserId;
    if (!isSelf && !this.isKnown(id)) return Promise.reject(new Error(`There is no contact ${id}.`));
    const alias = isSelf ? '' : this.account.store.alias(id);
    return Promise.resolve(contactPayload(id, alias, this.account.bindingOf(id) !== undefined));
  }

  override contactAlias(id: string): Promise<string>;
  override contactAlias(id: string, alias: string | null): Promise<void>;
  override async contactAlias(id: string, alias?: string | null): Promise<unknown> {
    const { store } = this.account;
    if (alias === undefined) return store.alias(id);
    if (!this.isKnown(id)) throw new PuppetError('NOT_FOUND', `There is no contact ${id}.`);
    await store.setAlias(id, alias ?? '');
    this.cache.contact.delete(id);
    return undefined;
  }

  override roomList(): Promise<string[]> {
    return Promise.resolve([]);
  }

  override messageRawPayload(id: string): Promise<MessagePayload> {
    const message = this.#message(id);
    this.onRead(message);
    return Promise.resolve(messagePayload(message, this.currentUserId));
  }

  override async messageFile(id: string): Promise<FileBoxInterface> {
    const { media, fileName = id } = this.#message(id);
    if (!media) throw new Error(`The message ${id} is not a file.`);
    const content = await downloadFile(this.account.client, media, this.account.signal);
    return FileBox.fromBuffer(content, fileName);
  }

  override messageImage(id: string): Promise<FileBoxInterface> {
    return this.messageFile(id);
  }

  override messageSendText(userId: string, text: string): Promise<string> {
    const parts = splitText(text).map((part) => ({
      item: { type: itemType.text, text_item: { text: part } },
      content: { kind: 'text', text: part } as const,
    }));
    return this.#send(userId, () => Promise.resolve(parts));
  }

  override messageSendUrl(userId: string, link: payloads.UrlLink): Promise<string> {
    const { title, description = '', url } = link;
    return this.messageSendText(userId, [title, description, url].filter((line) => line !== '').join('\n'));
  }

  override messageSendFile(userId: string, box: FileBoxInterface): Promise<string> {
    return this.#send(userId, async (binding) => {
      const content = await box.toBuffer();
      return [await this.#upload(binding, box.name, box.mediaType, content)];
    });
  }

  override async messageForward(userId: string, id: string): Promise<string> {
    const { kind, text, media, fileName = id } = this.#message(id);
    if (kind === 'text') return this.messageSendText(userId, text);
    if (!media) throw new Error(`The message ${id} cannot be forwarded.`);
    const { client, signal } = this.account;
    return this.#send(userId, async (binding) => {
      const content = await downloadFile(client, media, signal);
      return [await this.#upload(binding, fileName, '', content)];
    });
  }

  async #upload(binding: Binding, fileName: string, declared: string, content: Buffer): Promise<Outgoing> {
    if (content.length > maxFileBytes)
      throw new PuppetError(
        'INVALID_PARAMS',
        `The file ${fileName} is larger than ${maxFileBytes >> 20} MiB.`,
      );
    const name = safeFileName(fileName, 'file');
    const { client, signal } = this.account;
    const file = { name, declared, content };
    const { item, kind, media } = await uploadFile(client, binding, binding.userId, file, signal);
    return { item, content: { kind, text: '', fileName: name, media } };
  }

  /** Sends what is made for a person. @returns an id of `sendState` */
  async #send(userId: string, make: (binding: Binding) => Promise<Outgoing[]>): Promise<string> {
    const { account } = this;
    const binding = account.bindingOf(userId);
    if (!binding)
      throw new PuppetError('NOT_FOUND', `Nobody with the id ${userId} is connected to this bot.`);
    const { id, state } = await account.sender.send(userId, await make(binding));
    account.typing.onAnswered(userId);
    if (state !== 'sent') this.#states.set(id, state);
    const [oldest] = this.#states.keys();
    if (oldest !== undefined && this.#states.size > maxStates) this.#states.delete(oldest);
    return id;
  }

  #message(id: string): StoredMessage {
    const message = this.account.store.message(id);
    if (!message) throw new PuppetError('NOT_FOUND', `There is no message ${id}, or it is too old.`);
    return message;
  }
}
