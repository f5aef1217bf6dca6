/** The list of conversations with a field to search it. */
import { avatar } from '../../ui/avatar.editor';
import { shortTime } from '../../ui/time-format.editor';
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import type { Conversation } from './conversations.editor';
import { rowWindow } from '../../ui/virtual-list.editor';

/** The list. */
export interface ConversationList {
  readonly root: HTMLElement;
  show(conversations: readonly Conversation[], open: string | undefined): void;
  focus(): void;
}

function nameOf({ name, alias, unread, last }: Conversation): string {
  const parts = [alias ? `${name} (${alias})` : name];
  if (unread > 0) parts.push(translate('list.unread', { count: unread }));
  if (last) parts.push(last.text, shortTime(last.timestamp));
  return parts.join(', ');
}

function render({ id, kind, name, alias, unread, last }: Conversation): Node[] {
  const badge = element('span', { class: 'wechat-badge' }, unread > 99 ? '99+' : String(unread));
  const second = last?.text ?? alias;
  const secondLine = element(
    'span',
    { class: 'wechat-row-top' },
    element('span', { class: 'wechat-row-last' }, second),
    ...(unread > 0 ? [badge] : []),
  );
  return [
    avatar({ id, name, room: kind === 'room' }),
    element(
      'span',
      { class: 'wechat-row-words' },
      element(
        'span',
        { class: 'wechat-row-top' },
        element('span', { class: 'wechat-row-name' }, name),
        element('span', { class: 'wechat-row-time' }, last ? shortTime(last.timestamp) : ''),
      ),
      ...(second === '' && unread === 0 ? [] : [secondLine]),
    ),
  ];
}

/** Makes the list; `chosen` is told which conversation to open. */
export function conversationList(chosen: (id: string) => void): ConversationList {
  const search = element('input', {
    type: 'search',
    class: 'wechat-search',
    placeholder: translate('list.search'),
    'aria-label': translate('list.search'),
  });
  const rows = rowWindow<Conversation>({
    label: translate('list.label'),
    none: translate('list.none'),
    idOf: ({ id }) => id,
    nameOf,
    render,
    chosen: ({ id }) => chosen(id),
  });
  let all: readonly Conversation[] = [];
  let open: string | undefined;

  function filter(): void {
    const wanted = search.value.trim().toLowerCase();
    const found = all.filter(({ id, name, alias }) =>
      `${name}\n${alias}\n${id}`.toLowerCase().includes(wanted),
    );
    rows.show(wanted === '' ? all : found, open);
  }

  search.addEventListener('input', filter);
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    rows.focus();
  });
  return {
    root: element('div', { class: 'wechat-conversations' }, search, rows.root),
    focus: () => rows.focus(),
    show(conversations, openId) {
      all = conversations;
      open = openId;
      filter();
    },
  };
}
