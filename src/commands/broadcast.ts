/** Sends one content to several recipients, with a result for each. */
import Type, { type Static } from 'typebox';
import type { Bot } from '../bot/bot';
import { extrasOf } from '../bot/session/puppet-extras';
import { type ErrorCode, errorCodes, errorMessage, WechatError } from '../bot/errors';
import { describe } from '../i18n/describe';
import type { CommandContext } from './command';
import type { Content } from './content/content';
import { type Names, singleNames } from './resolve';

/** What is known of a delivery, beside its id. */
const deliveryFields = {
  pending: Type.Optional(
    Type.Boolean(
      describe(
        'true: WeChat does not allow it now, it is held and goes out with the next message of the contact; an event sent follows',
        'true 表示微信暂不允许发送，已暂存，待对方下次发消息时发出，届时有 sent 事件',
      ),
    ),
  ),
  confirmed: Type.Optional(
    Type.Boolean(
      describe(
        'false: WeChat accepted it without an id, so it was probably not delivered',
        'false 表示微信已接受但未返回 id，多半没有送达',
      ),
    ),
  ),
};

/** The result of each send, in the order of the request. */
export const SendResult = Type.Object({
  success: Type.Array(
    Type.Object({
      id: Type.String(describe('the recipient', '接收者 id')),
      messageId: Type.Optional(
        Type.String(describe('if the puppet provides it', '消息 id（若 Puppet 提供）')),
      ),
      ...deliveryFields,
    }),
  ),
  fail: Type.Array(
    Type.Object({
      id: Type.String(
        describe(
          'the recipient; the name in the request if it was not found',
          '接收者 id，未找到时为所给的名称',
        ),
      ),
      error: Type.Object({ code: Type.Enum(Object.keys(errorCodes) as ErrorCode[]), message: Type.String() }),
    }),
  ),
});
export type SendResult = Static<typeof SendResult>;

/** The result of a send to one recipient. */
export const SentMessageResult = Type.Object({
  id: Type.String(
    describe('the message; empty if the puppet does not provide it', '消息 id，Puppet 不提供则为空'),
  ),
  ...deliveryFields,
});
type SentMessageResult = Static<typeof SentMessageResult>;

/** The part of a content that sending needs. */
export type Sendable = Pick<Content, 'call' | 'send'>;

interface Recipient {
  readonly id: string;
  readonly error?: Error;
}

/** Names resolved concurrently. */
const batchSize = 50;

/**
 * Sends to each recipient once, concurrently within the bot's rate limits. A failure is reported in the result and
 * does not stop the other sends.
 * @param parameters see `singleNames`.
 * @param find resolves a name to ids.
 * @param contentFor the content for one recipient.
 * @throws WechatError INVALID_PARAMS when there is no name, NOT_FOUND for a part of a text that names several.
 */
export async function sendToEach(
  bot: Bot,
  parameters: readonly Names[],
  find: (name: string) => Promise<string[]>,
  contentFor: (id: string) => Sendable | Promise<Sendable>,
  context: CommandContext,
): Promise<SendResult> {
  const names = await singleNames(parameters, find);
  if (names.length === 0) throw new WechatError('INVALID_PARAMS', 'noRecipients');
  const recipients = await resolveUnique(names, find);
  let done = 0;
  const results = await Promise.all(
    recipients.map(async ({ id, error }) => {
      try {
        if (error) throw error;
        return { id, sent: await sendTo(bot, id, await contentFor(id), context.ownMessageIn) };
      } catch (thrown) {
        return { id, error: toErrorEntry(bot, thrown, context) };
      } finally {
        done += 1;
        context.progress?.({ kind: 'send', done, total: recipients.length });
      }
    }),
  );
  const result: SendResult = { success: [], fail: [] };
  for (const { id, sent, error } of results) {
    if (error) result.fail.push({ id, error });
    else {
      const { id: messageId, ...delivery } = sent;
      result.success.push({ id, ...(messageId === '' ? {} : { messageId }), ...delivery });
    }
  }
  return result;
}

/**
 * Sends to one recipient.
 * @param ownMessageIn as in `CommandContext`.
 * @throws WechatError as `Bot.send` does, and RATE_LIMITED when the bot replies to itself all the time.
 */
export async function sendTo(
  bot: Bot,
  id: string,
  { call, send }: Sendable,
  ownMessageIn: string | undefined,
): Promise<SentMessageResult> {
  if (ownMessageIn === id) bot.loopGuard.count(id);
  return bot.send(id, call, async (puppet) => {
    const messageId = (await send(puppet, id)) ?? '';
    const state = extrasOf(puppet).sendState?.(messageId);
    if (state === 'unconfirmed') return { id: '', confirmed: false };
    return { id: messageId, ...(state === 'pending' ? { pending: true } : {}) };
  });
}

async function resolveUnique(
  names: readonly string[],
  find: (name: string) => Promise<string[]>,
): Promise<Recipient[]> {
  const recipients = new Map<string, Recipient>();
  for (let start = 0; start < names.length; start += batchSize) {
    const found = await Promise.all(
      names.slice(start, start + batchSize).map(async (name): Promise<Recipient[]> => {
        try {
          return (await find(name)).map((id) => ({ id }));
        } catch (error) {
          return [{ id: name, error: error instanceof Error ? error : new Error(errorMessage(error)) }];
        }
      }),
    );
    for (const recipient of found.flat()) {
      if (!recipients.has(recipient.id)) recipients.set(recipient.id, recipient);
    }
  }
  return [...recipients.values()];
}

function toErrorEntry(
  bot: Bot,
  thrown: unknown,
  { translateError: sentence }: CommandContext,
): SendResult['fail'][number]['error'] {
  const isOurs = thrown instanceof WechatError;
  const message = isOurs && sentence ? sentence(thrown) : errorMessage(thrown);
  return { code: isOurs ? thrown.code : 'FAILED', message: bot.redact(message) };
}
