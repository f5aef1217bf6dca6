/** Sends messages for API clients and for the replies of `post_api`. */
import type { ParamsOf, RunCommand } from '../../../commands/table';
import { assertSent } from '../../dispatch/assert-sent';
import type { Media } from './media-input';
import type { SendOrigin } from './messages';
import type { SentMessageTracker } from '../../wechat/sent-message-tracker';

/** A contact or group that messages are sent to. */
export interface Recipient {
  readonly id: string;
  readonly isGroup: boolean;
}

type Content = Pick<ParamsOf<'contactSay'>, 'messageType' | 'messagePayload'>;

/** Sends messages to one recipient at a time, and tracks them. */
export class MessageSender {
  readonly #run: RunCommand;
  readonly #tracker: SentMessageTracker<SendOrigin>;

  constructor(run: RunCommand, tracker: SentMessageTracker<SendOrigin>) {
    this.#run = run;
    this.#tracker = tracker;
  }

  /** Sends a text; resolves to the message's id where the puppet gives one. @throws WechatError */
  sendText(to: Recipient, text: string, origin: SendOrigin): Promise<string | undefined> {
    return this.#send(to, { messageType: 'Text', messagePayload: text }, origin);
  }

  /** Sends a file; resolves to the message's id where the puppet gives one. @throws WechatError */
  sendMedia(to: Recipient, { kind, name, data }: Media, origin: SendOrigin): Promise<string | undefined> {
    const { messageType } = kind;
    return this.#send(to, { messageType, messagePayload: { data, name } }, origin);
  }

  async #send({ id, isGroup }: Recipient, content: Content, origin: SendOrigin): Promise<string | undefined> {
    const command = isGroup ? 'roomSay' : 'contactSay';
    const result = await this.#tracker.track(
      [id],
      origin,
      () =>
        isGroup
          ? this.#run('roomSay', { ...content, rooms: [id] })
          : this.#run('contactSay', { ...content, contacts: [id] }),
      ({ success }) => success,
    );
    assertSent(command, result);
    return result.success[0]?.messageId;
  }
}
