/** Loads the messages of a conversation page by page. */
import type { HistoryChange, MessageHistory } from './message-history.editor';
import { fetchMessages } from '../../api/simulator-client.editor';

const firstPageSize = 120;
const pageSize = 500;

const loading = new WeakSet<MessageHistory>();

/**
 * Loads the messages after the last known one; the first time, the end of the conversation.
 * @param onChange called after every page
 */
export async function loadNewer(
  bot: string,
  conversation: string,
  history: MessageHistory,
  onChange: (change: HistoryChange) => void,
): Promise<void> {
  let after = history.cursor;
  try {
    for (;;) {
      const limit = after === undefined ? firstPageSize : pageSize;
      const messages = await fetchMessages(bot, conversation, {
        limit,
        ...(after === undefined ? {} : { after }),
      });
      if (after === undefined && messages.length < limit) history.complete = true;
      onChange(history.add(messages));
      if (after === undefined || messages.length < limit) return;
      after = messages.at(-1)?.id;
    }
  } catch {
    // The next poll, or the event stream, makes up for it.
  }
}

/** Loads a page of older messages; undefined while another one is loading, or when it failed. */
export async function loadOlder(
  bot: string,
  conversation: string,
  history: MessageHistory,
): Promise<HistoryChange | undefined> {
  const before = history.messages[0]?.id;
  if (before === undefined || loading.has(history)) return undefined;
  loading.add(history);
  try {
    const messages = await fetchMessages(bot, conversation, { before, limit: pageSize });
    history.complete = messages.length < pageSize;
    return history.add(messages);
  } catch {
    return undefined;
  } finally {
    loading.delete(history);
  }
}
