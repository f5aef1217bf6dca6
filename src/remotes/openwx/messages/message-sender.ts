/** Sends messages for API clients and for the replies of `post_api`. */
import type { SendResult } from '../../../commands/broadcast';
import { assertSent } from '../../dispatch/assert-sent';
import type { RunCommand } from '../people/contact-query';
import type { Media } from './media-input';
import type { SendOrigin } from './messages';
import type { SentMessageTracker } from '../../wechat/sent-message-tracker';

/** A contact or group that messages are sent to. */
export interface Recipient {
  readonly id: string;
  readonly isGroup: boolean;
}

/** Sends messages to one recipient at a time, and tracks them. */
export class MessageSender {
  readonly #runCommand: RunCommand;
  readonly #tracker: SentMessageTracker<SendOrigin>;

  constructor(runCommand: RunCommand, tracker: SentMessageTracker<SendOrigin>) {
    this.#runCommand = runCommand;
    this.#tracker = tracker;
  }

  /** Sends a text; resolves to the message's id where the puppet gives one. @throws WechatError */
  sendText(to: Recipient, text: string, origin: SendOrigin): Promise<string | undefined> {
    return this.#send(to, { messageType: 'Text', messagePayload: text }, origin);
  }

  /** Sends a file; resolves to the message's id where the puppet gives one. @throws WechatError */
  sendMedia(to: Recipient, { kind, name, data }: Media, origin: SendOrigin): Promise<string | undefined> {
    const content = { messageType: kind.messageType, messagePayload: { data, name } };
    return this.#send(to, content, origin);
  }

  async #send({ id, isGroup }: Recipient, content: object, origin: SendOrigin): Promise<string | undefined> {
    const command = isGroup ? 'roomSay' : 'contactSay';
    const params = { ...content, [isGroup ? 'rooms' : 'contacts']: [id] };
    const result = await this.#tracker.track(
      [id],
      origin,
      async () => (await this.#runCommand(command, params)) as SendResult,
      ({ success }) => success,
    );
    assertSent(command, result);
    return result.success[0]?.messageId;
  }
}
