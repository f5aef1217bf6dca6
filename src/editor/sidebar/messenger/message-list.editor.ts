/** Shows a long conversation by only ever having a window of it on the page. */
import { element } from '../../ui/dom.editor';
import type { Change, Thread } from './message-history.editor';
import type { WorldMessage } from '../../api/simulator-api.editor';

/** Messages on the page at most, and how many come and go at once. */
const most = 120;
const step = 40;
/** So near to an end of what is on the page, in px, more is fetched. */
const near = 300;

/** What the window needs to know. */
export interface MessageWindowOptions {
  readonly label: string;
  /** Makes what stands for a message; `previous` is the one before it. */
  readonly render: (message: WorldMessage, previous: WorldMessage | undefined) => HTMLElement;
  /** Asks for messages older than all known; they come by `update`. */
  readonly older: () => void;
  /** Told how many messages wait below what is on the screen. */
  readonly below: (count: number) => void;
}

/** A window on a conversation. */
export interface MessageWindow {
  readonly root: HTMLElement;
  /** Shows another conversation, its end first. */
  open(thread: Thread): void;
  /** Shows what became of the open conversation. */
  update(change: Change): void;
  /** Renders again what is on the page. */
  redraw(): void;
  toEnd(): void;
}

/** Makes the window. */
export function messageWindow({ label, render, older, below }: MessageWindowOptions): MessageWindow {
  const list = element('div', { class: 'wechat-messages' });
  const root = element('div', { class: 'wechat-log', role: 'log', 'aria-label': label, tabindex: 0 }, list);
  let thread: Thread | undefined;
  /** What is on the page: from the one, up to but without the other. */
  let from = 0;
  let to = 0;
  /** Whether the reader is at the end, and wants to stay there. */
  let atEnd = true;
  let unseen = 0;
  let height = 0;

  function rows(start: number, end: number): HTMLElement[] {
    const { messages = [] } = thread ?? {};
    return messages.slice(start, end).map((message, index) => render(message, messages[start + index - 1]));
  }

  /** Does something above without moving what the reader looks at. */
  function keepingPlace(doing: () => void): void {
    const kept = list.children[Math.min(step, list.children.length - 1)];
    const before = kept?.getBoundingClientRect().top ?? 0;
    doing();
    if (kept?.isConnected) root.scrollTop += kept.getBoundingClientRect().top - before;
  }

  function dropTop(): void {
    for (; to - from > most; from += 1) list.firstElementChild?.remove();
  }

  function dropBottom(): void {
    for (; to - from > most; to -= 1) list.lastElementChild?.remove();
  }

  function growUp(): void {
    const start = Math.max(0, from - step);
    keepingPlace(() => {
      // What was the first row may have had a heading of its own that it no longer needs.
      list.firstElementChild?.remove();
      list.prepend(...rows(start, Math.min(from + 1, to)));
      from = start;
    });
    dropBottom();
  }

  function growDown(): void {
    const end = Math.min(thread?.messages.length ?? 0, to + step);
    keepingPlace(() => {
      list.append(...rows(to, end));
      to = end;
      dropTop();
    });
  }

  function showEnd(): void {
    to = thread?.messages.length ?? 0;
    from = Math.max(0, to - step * 2);
    list.replaceChildren(...rows(from, to));
    toEnd();
  }

  function toEnd(): void {
    if (to < (thread?.messages.length ?? 0)) {
      showEnd();
      return;
    }
    root.scrollTop = root.scrollHeight;
    atEnd = true;
    unseen = 0;
    below(0);
  }

  function look(): void {
    const length = thread?.messages.length ?? 0;
    const rest = root.scrollHeight - root.scrollTop - root.clientHeight;
    if (root.clientHeight === 0) return;
    if (root.clientHeight !== height) {
      // What is around has changed, which is not scrolling.
      height = root.clientHeight;
      if (atEnd) {
        root.scrollTop = root.scrollHeight;
        return;
      }
    }
    if (root.scrollTop < near) {
      if (from > 0) growUp();
      else if (thread?.complete === false && length > 0) older();
    }
    if (rest < near && to < length) growDown();
    atEnd = to === length && rest < 24;
    if (atEnd) unseen = 0;
    below(unseen);
  }

  root.addEventListener('scroll', look, { passive: true });
  // A picture that has loaded, or a narrower window, makes everything longer.
  const sizes = new ResizeObserver(() => {
    if (atEnd) root.scrollTop = root.scrollHeight;
  });
  sizes.observe(list);
  sizes.observe(root);

  return {
    root,
    toEnd,
    redraw() {
      keepingPlace(() => list.replaceChildren(...rows(from, to)));
      if (atEnd) toEnd();
    },
    open(opened) {
      thread = opened;
      showEnd();
    },
    update({ prepended, appended, changed, mixed }) {
      if (!thread) return;
      const wasAtEnd = atEnd;
      from += prepended;
      to += prepended;
      if (mixed) {
        showEnd();
        return;
      }
      for (const id of changed) {
        const index = thread.messages.findIndex((message) => message.id === id);
        if (index >= from && index < to) list.children[index - from]?.replaceWith(...rows(index, index + 1));
      }
      if (appended > 0) {
        if (to === thread.messages.length - appended && (wasAtEnd || to - from + appended <= most)) {
          list.append(...rows(to, to + appended));
          to += appended;
        }
        if (wasAtEnd) {
          dropTop();
          toEnd();
        } else {
          unseen += appended;
          below(unseen);
        }
      }
      if (prepended > 0) look();
    },
  };
}
