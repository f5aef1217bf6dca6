/** Sends a message and waits for the reply (the Openwx document, section "consult"). */
import type { Bot } from '../../../bot/bot';
import { asTyped } from '../../../events/table';
import { kindOfMessage } from './media-kinds';

/**
 * Sends a message to a friend and waits for the friend's next message.
 * @param send sends the message.
 * @returns what `send` resolves to, and the reply; null after the timeout.
 */
export async function awaitReply<Sent>(
  bot: Bot,
  friendId: string,
  send: () => Promise<Sent>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<{ sent: Sent; reply: string | null }> {
  let replies: string[] = [];
  let onReply: (reply: string) => void = (reply) => replies.push(reply);
  const unlisten = bot.on('event', (untyped) => {
    const event = asTyped(untyped);
    if (event.event !== 'message' || event.room) return;
    const { message, talker, listener } = event;
    // A message from before the bot's own one is no reply to it.
    if (message.self && listener?.id === friendId) replies = [];
    else if (!message.self && talker?.id === friendId) {
      onReply(kindOfMessage(message.type)?.label ?? message.text);
    }
  });
  try {
    const sent = await send();
    const [first] = replies;
    if (first !== undefined) return { sent, reply: first };
    const reply = await new Promise<string | null>((resolve) => {
      const settle = (text: string | null): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onTimeout);
        resolve(text);
      };
      const onTimeout = (): void => {
        settle(null);
      };
      const timer = setTimeout(onTimeout, timeoutMs);
      signal.addEventListener('abort', onTimeout);
      if (signal.aborted) onTimeout();
      onReply = settle;
    });
    return { sent, reply };
  } finally {
    unlisten();
  }
}
