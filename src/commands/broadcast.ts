/** Sends one thing to many, and tells of each what became of it. */
import Type, { type Static } from 'typebox';
import type { Bot } from '../bot/bot';
import { errorMessage, WechatError } from '../bot/errors';
import { describe } from '../bot/views';
import type { CommandContext } from './command';
import type { Content } from './content/content';

/** What became of each of several sends, in the order in which they were asked for. */
export const Sent = Type.Object({
  success: Type.Array(
    Type.Object({
      id: Type.String(describe('whom it was sent to', '接收者 id')),
      messageId: Type.Optional(Type.String(describe('where the puppet gives one', '消息 id（若协议提供）'))),
    }),
  ),
  fail: Type.Array(
    Type.Object({
      id: Type.String(
        describe(
          'whom it was for, as it was asked for if nobody was found',
          '接收者 id，未找到时为所给的名称',
        ),
      ),
      error: Type.Object({ code: Type.String(), message: Type.String() }),
    }),
  ),
});
export type Sent = Static<typeof Sent>;

/** What became of the only send. */
export const SentMessage = Type.Object({
  id: Type.String(describe('of the message; empty where the puppet gives none', '消息 id，协议不提供则为空')),
});

/** What is needed of a content to send it. */
export type Sendable = Pick<Content, 'call' | 'send'>;

interface Recipient {
  readonly id: string;
  readonly error?: Error;
}

/** Recipients looked up at once. */
const batch = 50;

/**
 * Sends to everybody named, each once, to different ones at the same time as far as the bot's pace allows. That one
 * fails is told in the result and stops nothing.
 * @param find the ids of those a name means.
 * @param contentFor what one of them is sent.
 * @throws WechatError INVALID_PARAMS when nobody is named.
 */
export async function sendToEach(
  bot: Bot,
  names: readonly string[],
  find: (name: string) => Promise<string[]>,
  contentFor: (id: string) => Sendable | Promise<Sendable>,
  context: CommandContext,
): Promise<Sent> {
  if (names.length === 0) throw new WechatError('INVALID_PARAMS', 'noRecipients');
  const recipients = await recipientsOf(names, find);
  let done = 0;
  const outcomes = await Promise.all(
    recipients.map(async ({ id, error }) => {
      try {
        if (error) throw error;
        return { id, messageId: await sendTo(bot, id, await contentFor(id)) };
      } catch (thrown) {
        return { id, error: told(bot, thrown, context) };
      } finally {
        done += 1;
        context.progress?.({ kind: 'send', done, total: recipients.length });
      }
    }),
  );
  const sent: Sent = { success: [], fail: [] };
  for (const { id, messageId, error } of outcomes) {
    if (error) sent.fail.push({ id, error });
    else sent.success.push({ id, ...(messageId === undefined ? {} : { messageId }) });
  }
  return sent;
}

/** Sends to one; resolves to the message's id where the puppet gives one. @throws WechatError as `Bot.send` does. */
export function sendTo(bot: Bot, id: string, { call, send }: Sendable): Promise<string | undefined> {
  return bot.send(id, call, (puppet) => send(puppet, id));
}

async function recipientsOf(
  names: readonly string[],
  find: (name: string) => Promise<string[]>,
): Promise<Recipient[]> {
  const recipients = new Map<string, Recipient>();
  for (let start = 0; start < names.length; start += batch) {
    const found = await Promise.all(
      names.slice(start, start + batch).map(async (name): Promise<Recipient[]> => {
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

function told(bot: Bot, thrown: unknown, { sentence }: CommandContext): { code: string; message: string } {
  const isOurs = thrown instanceof WechatError;
  const message = isOurs && sentence ? sentence(thrown) : errorMessage(thrown);
  return { code: isOurs ? thrown.code : 'FAILED', message: bot.redact(message) };
}
