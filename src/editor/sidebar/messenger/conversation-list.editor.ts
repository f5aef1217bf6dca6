/** The list of conversations with a search field. */
import { createAvatar } from '../../ui/avatar.editor';
import { shortTime } from '../../ui/time-format.editor';
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import type { Conversation } from './conversations.editor';
import { createVirtualList } from '../../ui/virtual-list.editor';

/** A list of conversations. */
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
    createAvatar({ id, name, isRoom: kind === 'room' }),
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

/** Creates the list; `onSelect` is called with the id of the selected conversation. */
export function createConversationList(onSelect: (id: string) => void): ConversationList {
  const search = element('input', {
    type: 'search',
    class: 'wechat-search',
    placeholder: translate('list.search'),
    'aria-label': translate('list.search'),
  });
  const rows = createVirtualList<Conversation>({
    label: translate('list.label'),
    emptyText: translate('list.none'),
    idOf: ({ id }) => id,
    nameOf,
    render,
    onSelect: ({ id }) => onSelect(id),
  });
  let all: readonly Conversation[] = [];
  let open: string | undefined;

  function filter(): void {
    const query = search.value.trim().toLowerCase();
    const matches = all.filter(({ id, name, alias }) =>
      `${name}\n${alias}\n${id}`.toLowerCase().includes(query),
    );
    rows.show(query === '' ? all : matches, open);
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
