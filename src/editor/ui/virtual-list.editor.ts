/** Virtual list: a list box with thousands of rows, of which only the visible ones are in the DOM. */
import { element } from './dom.editor';

/** Height of a row, in px. */
const rowHeight = 60;
/** Additional rows rendered above and below the visible ones. */
const overscan = 6;

/** Options of a virtual list. */
export interface VirtualListOptions<Row> {
  readonly label: string;
  readonly emptyText: string;
  readonly idOf: (row: Row) => string;
  /** Accessible name of a row. */
  readonly nameOf: (row: Row) => string;
  readonly render: (row: Row) => Node[];
  readonly onSelect: (row: Row) => void;
}

/** A virtual list. */
export interface VirtualList<Row> {
  readonly root: HTMLElement;
  show(rows: readonly Row[], selected: string | undefined): void;
  focus(): void;
}

let listCount = 0;

/** Creates the list: arrow keys move, Enter or a click selects. */
export function createVirtualList<Row>(options: VirtualListOptions<Row>): VirtualList<Row> {
  const { idOf } = options;
  listCount += 1;
  const prefix = `wechat-row-${listCount}-`;
  const content = element('div', { class: 'wechat-rows', role: 'presentation' });
  const none = element('div', { class: 'wechat-none', hidden: true }, options.emptyText);
  const list = element(
    'div',
    { class: 'wechat-row-list', role: 'listbox', 'aria-label': options.label, tabindex: 0 },
    content,
  );
  const root = element('div', { class: 'wechat-row-window' }, list, none);
  let rows: readonly Row[] = [];
  let selected: string | undefined;
  /** Index of the row with the keyboard focus. */
  let active = 0;

  function createRow(row: Row, index: number): HTMLElement {
    const id = idOf(row);
    const option = element(
      'div',
      {
        role: 'option',
        id: `${prefix}${index}`,
        class: 'wechat-conversation',
        'aria-selected': String(id === selected),
        'aria-setsize': rows.length,
        'aria-posinset': index + 1,
        'aria-label': options.nameOf(row),
      },
      ...options.render(row),
    );
    option.classList.toggle('wechat-row-active', index === active);
    option.style.top = `${index * rowHeight}px`;
    return option;
  }

  function draw(): void {
    const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - overscan);
    const last = Math.ceil((list.scrollTop + list.clientHeight) / rowHeight) + overscan;
    const visible = rows.slice(first, last).map((row, index) => createRow(row, first + index));
    content.replaceChildren(...visible);
    if (active >= first && active < first + visible.length)
      list.setAttribute('aria-activedescendant', `${prefix}${active}`);
    else list.removeAttribute('aria-activedescendant');
  }

  function moveTo(index: number): void {
    active = Math.max(0, Math.min(rows.length - 1, index));
    const top = active * rowHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + rowHeight > list.scrollTop + list.clientHeight)
      list.scrollTop = top + rowHeight - list.clientHeight;
    draw();
  }

  // Not on the rows: a row that is rendered again between press and release would never be clicked.
  content.addEventListener('click', ({ clientY }) => {
    const index = Math.floor((clientY - content.getBoundingClientRect().top) / rowHeight);
    const row = rows[index];
    if (row === undefined) return;
    active = index;
    options.onSelect(row);
  });
  list.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(draw).observe(list);
  list.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / rowHeight) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    const row = rows[active];
    if (target !== undefined) moveTo(target);
    else if ((event.key === 'Enter' || event.key === ' ') && row !== undefined) options.onSelect(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    root,
    focus: () => list.focus(),
    show(newRows, selectedId) {
      const activeRow = rows[active];
      const activeId = selectedId === selected && activeRow !== undefined ? idOf(activeRow) : selectedId;
      rows = newRows;
      selected = selectedId;
      active = Math.max(
        0,
        rows.findIndex((row) => idOf(row) === activeId),
      );
      content.style.height = `${rows.length * rowHeight}px`;
      none.hidden = rows.length > 0;
      list.hidden = rows.length === 0;
      draw();
    },
  };
}
