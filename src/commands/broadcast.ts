/** Sends one content to several recipients, with a result for each. */
import Type, { type Static } from 'typebox';
import type { Bot } from '../bot/bot';
import { type ErrorCode, errorCodes, errorMessage, WechatError } from '../bot/errors';
import { describe } from '../i18n/describe';
import type { CommandContext } from './command';
import type { Content } from './content/content';
import { type Names, singleNames } from './resolve';

/** The result of each send, in the order of the request. */
export const SendResult = Type.Object({
  success: Type.Array(
    Type.Object({
      id: Type.String(describe('the recipient', '接收者 id')),
      messageId: Type.Optional(
        Type.String(describe('if the puppet provides it', '消息 id（若 Puppet 提供）')),
      ),
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
});

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
        return { id, messageId: await sendTo(bot, id, await contentFor(id), context.ownMessageIn) };
      } catch (thrown) {
        return { id, error: toErrorEntry(bot, thrown, context) };
      } finally {
        done += 1;
        context.progress?.({ kind: 'send', done, total: recipients.length });
      }
    }),
  );
  const result: SendResult = { success: [], fail: [] };
  for (const { id, messageId, error } of results) {
    if (error) result.fail.push({ id, error });
    else result.success.push({ id, ...(messageId === undefined ? {} : { messageId }) });
  }
  return result;
}

/**
 * Sends to one recipient; resolves to the message's id if the puppet returns one.
 * @param ownMessageIn as in `CommandContext`.
 * @throws WechatError as `Bot.send` does, and RATE_LIMITED when the bot replies to itself all the time.
 */
export async function sendTo(
  bot: Bot,
  id: string,
  { call, send }: Sendable,
  ownMessageIn: string | undefined,
): Promise<string | undefined> {
  if (ownMessageIn === id) bot.loopGuard.count(id);
  return bot.send(id, call, (puppet) => send(puppet, id));
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
