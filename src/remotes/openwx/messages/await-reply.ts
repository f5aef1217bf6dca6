/** Waits for what somebody answers (the Openwx document, section "consult"). */
import type { Bot } from '../../../bot/bot';
import { kindOfMessage } from './media-kinds';
import type { Told } from './messages';

/**
 * Says something to a friend and waits for the next thing the friend says.
 * @param say resolves when it was said.
 * @returns what `say` resolved to, and the answer; null when none came in time.
 */
export async function awaitReply<Sent>(
  bot: Bot,
  friendId: string,
  say: () => Promise<Sent>,
  { patience, gone }: { readonly patience: number; readonly gone: AbortSignal },
): Promise<{ sent: Sent; reply: string | null }> {
  let answers: string[] = [];
  let answered: (answer: string) => void = (answer) => answers.push(answer);
  const unlisten = bot.on('event', (event) => {
    if (event.event !== 'message') return;
    const { message, talker, listener, room } = event as unknown as Told;
    if (room) return;
    // What was said before the bot's own message was there is no answer to it.
    if (message.self && listener?.id === friendId) answers = [];
    else if (!message.self && talker?.id === friendId) {
      answered(kindOfMessage(message.type)?.label ?? message.text);
    }
  });
  try {
    const sent = await say();
    const [first] = answers;
    if (first !== undefined) return { sent, reply: first };
    const reply = await new Promise<string | null>((resolve) => {
      const settle = (answer: string | null): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', giveUp);
        resolve(answer);
      };
      const giveUp = (): void => {
        settle(null);
      };
      const timer = setTimeout(giveUp, patience);
      gone.addEventListener('abort', giveUp);
      if (gone.aborted) giveUp();
      answered = settle;
    });
    return { sent, reply };
  } finally {
    unlisten();
  }
}
