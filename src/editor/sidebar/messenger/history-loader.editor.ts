/** Reads a conversation from the runtime, piece by piece. */
import type { Change, Thread } from './message-history.editor';
import { fetchMessages } from '../../api/simulator-client.editor';

const firstPage = 120;
const page = 500;

const busy = new WeakSet<Thread>();

/**
 * Reads what was said since the last time; at first, the end of the conversation.
 * @param changed told after every piece
 */
export async function readNewer(
  bot: string,
  conversation: string,
  thread: Thread,
  changed: (change: Change) => void,
): Promise<void> {
  let after = thread.cursor;
  try {
    for (;;) {
      const limit = after === undefined ? firstPage : page;
      const messages = await fetchMessages(bot, conversation, {
        limit,
        ...(after === undefined ? {} : { after }),
      });
      if (after === undefined && messages.length < limit) thread.complete = true;
      changed(thread.add(messages));
      if (after === undefined || messages.length < limit) return;
      after = messages.at(-1)?.id;
    }
  } catch {
    // The next look, or the stream, tells what this one missed.
  }
}

/** Reads what was said before all that is known; undefined when that is being done, or failed. */
export async function readOlder(
  bot: string,
  conversation: string,
  thread: Thread,
): Promise<Change | undefined> {
  const before = thread.messages[0]?.id;
  if (before === undefined || busy.has(thread)) return undefined;
  busy.add(thread);
  try {
    const messages = await fetchMessages(bot, conversation, { before, limit: page });
    thread.complete = messages.length < page;
    return thread.add(messages);
  } catch {
    return undefined;
  } finally {
    busy.delete(thread);
  }
}
