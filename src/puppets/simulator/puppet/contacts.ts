import type { FileBoxInterface } from 'file-box';
import type { payloads } from 'wechaty-puppet';

import { avatarOf } from '../avatar';
import { fileBoxOf } from './file';
import { SimulatedSession } from './session';

/** Puppet methods of contacts, the bot's own account and tags. */
export abstract class SimulatedContacts extends SimulatedSession {
  override contactSelfName(name: string): Promise<void> {
    return this.perform('contactSelfName', () => {
      this.wechat.profiles.rename(this.currentUserId, name);
    });
  }

  override contactSelfQRCode(): Promise<string> {
    return this.perform('contactSelfQRCode', () => `https://u.wechat.com/${this.currentUserId}`);
  }

  override contactSelfSignature(signature: string): Promise<void> {
    return this.perform('contactSelfSignature', () => {
      this.wechat.profiles.change(this.currentUserId, { signature });
    });
  }

  override contactAlias(contactId: string): Promise<string>;
  override contactAlias(contactId: string, alias: string | null): Promise<void>;
  override contactAlias(contactId: string, alias?: string | null): Promise<unknown> {
    return this.perform('contactAlias', () => {
      if (alias === undefined) {
        return this.wechat.contacts.get(contactId).alias ?? '';
      }
      this.wechat.profiles.setAlias(contactId, alias ?? '');
      return undefined;
    });
  }

  override contactAvatar(contactId: string): Promise<FileBoxInterface>;
  override contactAvatar(contactId: string, file: FileBoxInterface): Promise<void>;
  override contactAvatar(contactId: string, file?: FileBoxInterface): Promise<unknown> {
    return this.perform('contactAvatar', async () => {
      const record = this.wechat.contacts.get(contactId);
      if (file === undefined) {
        return fileBoxOf(...avatarOf(record));
      }
      this.wechat.profiles.setAvatar(contactId, { name: file.name, data: await file.toBuffer() });
      return undefined;
    });
  }

  override contactPhone(contactId: string, phoneList: string[]): Promise<void> {
    return this.perform('contactPhone', () => {
      this.wechat.profiles.annotate(contactId, { phoneRemarks: [...phoneList] });
    });
  }

  override contactCorporationRemark(contactId: string, corporation: string | null): Promise<void> {
    return this.perform('contactCorporationRemark', () => {
      this.wechat.profiles.annotate(contactId, { corporation: corporation ?? undefined });
    });
  }

  override contactDescription(contactId: string, description: string | null): Promise<void> {
    return this.perform('contactDescription', () => {
      this.wechat.profiles.annotate(contactId, { description: description ?? undefined });
    });
  }

  override contactList(): Promise<string[]> {
    return this.perform('contactList', () => this.wechat.contacts.friendIds());
  }

  override contactRawPayload(contactId: string): Promise<payloads.Contact> {
    return this.perform('contactRawPayload', () => this.wechat.profiles.payload(contactId));
  }

  override contactRawPayloadParser(rawPayload: payloads.Contact): Promise<payloads.Contact> {
    return Promise.resolve(this.payload(rawPayload));
  }

  override tagContactAdd(tagId: string, contactId: string): Promise<void> {
    return this.perform('tagContactAdd', () => {
      this.wechat.tags.add(tagId, contactId);
    });
  }

  override tagContactRemove(tagId: string, contactId: string): Promise<void> {
    return this.perform('tagContactRemove', () => {
      this.wechat.tags.remove(tagId, contactId);
    });
  }

  override tagContactDelete(tagId: string): Promise<void> {
    return this.perform('tagContactDelete', () => {
      this.wechat.tags.delete(tagId);
    });
  }

  override tagContactList(contactId?: string): Promise<string[]> {
    return this.perform('tagContactList', () => this.wechat.tags.list(contactId));
  }
}
