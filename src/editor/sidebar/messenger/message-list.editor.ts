/** Virtual message list: only a window of a long conversation is in the DOM. */
import { element } from '../../ui/dom.editor';
import type { HistoryChange, MessageHistory } from './message-history.editor';
import type { SimulatorMessage } from '../../../admin/api-types';

/** Maximum rendered messages, and how many are added or removed at once. */
const maxRendered = 120;
const batchSize = 40;
/** Distance to either end at which more messages are rendered or loaded, in px. */
const loadThreshold = 300;

/** Options of a message list. */
export interface MessageListOptions {
  readonly label: string;
  /** Renders a message; `previous` is the one before it. */
  readonly render: (message: SimulatorMessage, previous: SimulatorMessage | undefined) => HTMLElement;
  /** Requests older messages, to be passed to `update`. */
  readonly onLoadOlder: () => void;
  /** Called with the number of unseen messages below the visible ones. */
  readonly onUnseenChange: (count: number) => void;
}

/** A message list. */
export interface MessageList {
  readonly root: HTMLElement;
  /** Shows the end of another conversation. */
  open(history: MessageHistory): void;
  /** Shows a change of the open conversation. */
  update(change: HistoryChange): void;
  /** Renders the visible messages again. */
  redraw(): void;
  toEnd(): void;
}

/** Creates the list. */
export function createMessageList({
  label,
  render,
  onLoadOlder,
  onUnseenChange,
}: MessageListOptions): MessageList {
  const list = element('div', { class: 'wechat-messages' });
  const root = element('div', { class: 'wechat-log', role: 'log', 'aria-label': label, tabindex: 0 }, list);
  let history: MessageHistory | undefined;
  /** The rendered range: `from` inclusive, `to` exclusive. */
  let from = 0;
  let to = 0;
  /** Whether the list is scrolled to its end, and follows new messages. */
  let atEnd = true;
  let unseen = 0;
  let lastHeight = 0;

  function rows(start: number, end: number): HTMLElement[] {
    const { messages = [] } = history ?? {};
    return messages.slice(start, end).map((message, index) => render(message, messages[start + index - 1]));
  }

  /** Changes the list without moving the visible messages. */
  function preserveScroll(mutate: () => void): void {
    const anchor = list.children[Math.min(batchSize, list.children.length - 1)];
    const before = anchor?.getBoundingClientRect().top ?? 0;
    mutate();
    if (anchor?.isConnected) root.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  function trimTop(): void {
    for (; to - from > maxRendered; from += 1) list.firstElementChild?.remove();
  }

  function trimBottom(): void {
    for (; to - from > maxRendered; to -= 1) list.lastElementChild?.remove();
  }

  function extendUp(): void {
    const start = Math.max(0, from - batchSize);
    preserveScroll(() => {
      // The former first row may have a heading that it no longer needs.
      list.firstElementChild?.remove();
      list.prepend(...rows(start, Math.min(from + 1, to)));
      from = start;
    });
    trimBottom();
  }

  function extendDown(): void {
    const end = Math.min(history?.messages.length ?? 0, to + batchSize);
    preserveScroll(() => {
      list.append(...rows(to, end));
      to = end;
      trimTop();
    });
  }

  function showEnd(): void {
    to = history?.messages.length ?? 0;
    from = Math.max(0, to - batchSize * 2);
    list.replaceChildren(...rows(from, to));
    toEnd();
  }

  function toEnd(): void {
    if (to < (history?.messages.length ?? 0)) {
      showEnd();
      return;
    }
    root.scrollTop = root.scrollHeight;
    atEnd = true;
    unseen = 0;
    onUnseenChange(0);
  }

  function onScroll(): void {
    const length = history?.messages.length ?? 0;
    const distanceToEnd = root.scrollHeight - root.scrollTop - root.clientHeight;
    if (root.clientHeight === 0) return;
    if (root.clientHeight !== lastHeight) {
      // A resize, not a scroll.
      lastHeight = root.clientHeight;
      if (atEnd) {
        root.scrollTop = root.scrollHeight;
        return;
      }
    }
    if (root.scrollTop < loadThreshold) {
      if (from > 0) extendUp();
      else if (history?.complete === false && length > 0) onLoadOlder();
    }
    if (distanceToEnd < loadThreshold && to < length) extendDown();
    atEnd = to === length && distanceToEnd < 24;
    if (atEnd) unseen = 0;
    onUnseenChange(unseen);
  }

  root.addEventListener('scroll', onScroll, { passive: true });
  // A loaded image, or a narrower window, changes the heights.
  const sizes = new ResizeObserver(() => {
    if (atEnd) root.scrollTop = root.scrollHeight;
  });
  sizes.observe(list);
  sizes.observe(root);

  return {
    root,
    toEnd,
    redraw() {
      preserveScroll(() => list.replaceChildren(...rows(from, to)));
      if (atEnd) toEnd();
    },
    open(opened) {
      history = opened;
      showEnd();
    },
    update({ prepended, appended, changed, needsRedraw }) {
      if (!history) return;
      const wasAtEnd = atEnd;
      from += prepended;
      to += prepended;
      if (needsRedraw) {
        showEnd();
        return;
      }
      for (const id of changed) {
        const index = history.messages.findIndex((message) => message.id === id);
        if (index >= from && index < to) list.children[index - from]?.replaceWith(...rows(index, index + 1));
      }
      if (appended > 0) {
        if (to === history.messages.length - appended && (wasAtEnd || to - from + appended <= maxRendered)) {
          list.append(...rows(to, to + appended));
          to += appended;
        }
        if (wasAtEnd) {
          trimTop();
          toEnd();
        } else {
          unseen += appended;
          onUnseenChange(unseen);
        }
      }
      if (prepended > 0) onScroll();
    },
  };
}
