import type { FileBoxInterface } from 'file-box';
import type { payloads } from 'wechaty-puppet';

import { type Content, type FileContent, isFile } from '../content';
import type { SimulatedMessage } from '../messages';
import { SimulatedContacts } from './contacts';
import { mediaKindOf, mediaTypeOf } from '../../../util/file-type';
import { fileBoxOf } from './file';

/** Puppet methods of messages. */
export abstract class SimulatedMessages extends SimulatedContacts {
  override conversationReadMark(conversationId: string, hasRead?: boolean): Promise<boolean | undefined> {
    return this.perform('conversationReadMark', () => {
      const { conversations, contacts, rooms } = this.wechat;
      if (!rooms.has(conversationId)) {
        contacts.get(conversationId);
      }
      if (hasRead === undefined) {
        return conversations.isRead(conversationId);
      }
      conversations.markRead(conversationId, hasRead);
      return undefined;
    });
  }

  override messageContact(messageId: string): Promise<string> {
    return this.perform('messageContact', () => this.#content(messageId, 'card').contactId);
  }

  override messageFile(messageId: string): Promise<FileBoxInterface> {
    return this.perform('messageFile', () => this.#file(messageId));
  }

  override messageImage(messageId: string): Promise<FileBoxInterface> {
    return this.perform('messageImage', () => this.#file(messageId));
  }

  override messageMiniProgram(messageId: string): Promise<payloads.MiniProgram> {
    return this.perform('messageMiniProgram', () => this.#content(messageId, 'mini-program').miniProgram);
  }

  override messageUrl(messageId: string): Promise<payloads.UrlLink> {
    return this.perform('messageUrl', () => this.#content(messageId, 'url').url);
  }

  override messageLocation(messageId: string): Promise<payloads.Location> {
    return this.perform('messageLocation', () => this.#content(messageId, 'location').location);
  }

  override messageForward(conversationId: string, messageId: string): Promise<string | undefined> {
    return this.send('messageForward', () => {
      const { content } = this.visibleMessage(messageId);
      if (content.kind === 'recall') {
        throw new Error(`message ${messageId} announces a recall and cannot be forwarded`);
      }
      return this.#say(conversationId, content);
    });
  }

  override messageSendContact(conversationId: string, contactId: string): Promise<string | undefined> {
    return this.send('messageSendContact', () => {
      this.wechat.contacts.get(contactId);
      return this.#say(conversationId, { kind: 'card', contactId });
    });
  }

  override messageSendFile(conversationId: string, file: FileBoxInterface): Promise<string | undefined> {
    return this.send('messageSendFile', async () => this.#say(conversationId, await this.readUpload(file)));
  }

  override messageSendLocation(
    conversationId: string,
    location: payloads.Location,
  ): Promise<string | undefined> {
    return this.send('messageSendLocation', () =>
      this.#say(conversationId, { kind: 'location', location: { ...location } }),
    );
  }

  override messageSendMiniProgram(
    conversationId: string,
    miniProgram: payloads.MiniProgram,
  ): Promise<string | undefined> {
    return this.send('messageSendMiniProgram', () =>
      this.#say(conversationId, { kind: 'mini-program', miniProgram: { ...miniProgram } }),
    );
  }

  override messageSendText(
    conversationId: string,
    text: string,
    mentionIds?: string[],
  ): Promise<string | undefined> {
    return this.send('messageSendText', () => this.#say(conversationId, { kind: 'text', text }, mentionIds));
  }

  override messageSendUrl(conversationId: string, url: payloads.UrlLink): Promise<string | undefined> {
    return this.send('messageSendUrl', () => this.#say(conversationId, { kind: 'url', url: { ...url } }));
  }

  override messageRecall(messageId: string): Promise<boolean> {
    return this.perform('messageRecall', () => {
      this.wechat.conversations.recall(this.currentUserId, messageId);
      return true;
    });
  }

  override messageRawPayload(messageId: string): Promise<payloads.Message> {
    return this.perform('messageRawPayload', () => this.visibleMessage(messageId).payload);
  }

  override messageRawPayloadParser(rawPayload: payloads.Message): Promise<payloads.Message> {
    return Promise.resolve(this.payload(rawPayload));
  }

  #say(conversationId: string, content: Content, mentionIds?: readonly string[]): SimulatedMessage {
    return this.wechat.conversations.say(this.currentUserId, conversationId, content, mentionIds);
  }

  /** A message that the bot can see. @throws Error if there is none with this id. */
  protected visibleMessage(messageId: string): SimulatedMessage {
    const { conversations, moments } = this.wechat;
    const message = moments.part(messageId) ?? conversations.get(messageId);
    if (!conversations.isSeen(message)) {
      throw new Error(`no such message, or too old: ${messageId}`);
    }
    return message;
  }

  /** The content of a file to be sent. */
  protected async readUpload(file: FileBoxInterface): Promise<FileContent> {
    const data = await file.toBuffer();
    const { name, mediaType: declared } = file;
    const isEmoticon = file.metadata.type === 'emoticon';
    const kind = isEmoticon ? 'emoticon' : mediaKindOf(mediaTypeOf({ content: data, declared, name }));
    return { kind, name, data };
  }

  #file(messageId: string): FileBoxInterface {
    const { content } = this.visibleMessage(messageId);
    if (!isFile(content)) {
      throw new Error(`message ${messageId} is not a file: it is a ${content.kind}`);
    }
    return fileBoxOf(content.data, content.name);
  }

  #content<K extends Content['kind']>(messageId: string, kind: K): Extract<Content, { kind: K }> {
    const { content } = this.visibleMessage(messageId);
    if (content.kind !== kind) {
      throw new Error(`message ${messageId} is not a ${kind}: it is a ${content.kind}`);
    }
    return content as Extract<Content, { kind: K }>;
  }
}
