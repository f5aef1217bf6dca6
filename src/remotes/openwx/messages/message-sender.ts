/** Says things for clients and for the answers of `post_api`. */
import { type ErrorCode, WechatError } from '../../../bot/errors';
import type { Ask } from '../people/contact-query';
import type { Media } from './media-input';
import type { Sender } from './messages';
import type { OwnSends } from './sent-message-tracker';

/** Whom something is said to. */
export interface Recipient {
  readonly id: string;
  readonly isGroup: boolean;
}

/** What the say commands answer. */
interface Sent {
  readonly success: readonly { readonly messageId?: string }[];
  readonly fail: readonly { readonly error: { readonly code: ErrorCode; readonly message: string } }[];
}

/** Says something to one contact or group after the other. */
export class Speaker {
  readonly #ask: Ask;
  readonly #sends: OwnSends;

  constructor(ask: Ask, sends: OwnSends) {
    this.#ask = ask;
    this.#sends = sends;
  }

  /** Says a text; resolves to the message's id where the puppet gives one. @throws WechatError */
  text(to: Recipient, text: string, sender: Sender): Promise<string | undefined> {
    return this.#send(to, { messageType: 'Text', messagePayload: text }, sender);
  }

  /** Sends a file; resolves to the message's id where the puppet gives one. @throws WechatError */
  media(to: Recipient, { kind, name, data }: Media, sender: Sender): Promise<string | undefined> {
    const content = { messageType: kind.messageType, messagePayload: { data, name } };
    return this.#send(to, content, sender);
  }

  #send({ id, isGroup }: Recipient, content: object, sender: Sender): Promise<string | undefined> {
    const command = isGroup ? 'roomSay' : 'contactSay';
    return this.#sends.run(id, sender, async () => {
      const params = { ...content, [isGroup ? 'rooms' : 'contacts']: [id] };
      const { success, fail } = (await this.#ask(command, params)) as Sent;
      const error = fail[0]?.error;
      if (error) throw new WechatError(error.code, 'callFailed', { call: command, error: error.message });
      return success[0]?.messageId;
    });
  }
}
