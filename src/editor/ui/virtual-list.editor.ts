/** A list to choose from that may have thousands of rows, of which only those in sight are on the page. */
import { element } from './dom.editor';

/** Every row is so high, in px. */
const rowHeight = 60;
/** So many rows more than in sight, on either side. */
const spare = 6;

/** What the list needs to know. */
export interface RowWindowOptions<Row> {
  readonly label: string;
  readonly none: string;
  readonly idOf: (row: Row) => string;
  /** What a row says to those who cannot see it. */
  readonly nameOf: (row: Row) => string;
  readonly render: (row: Row) => Node[];
  readonly chosen: (row: Row) => void;
}

/** The list. */
export interface RowWindow<Row> {
  readonly root: HTMLElement;
  show(rows: readonly Row[], selected: string | undefined): void;
  focus(): void;
}

let lists = 0;

/** Makes the list: arrows move, Enter or a click chooses. */
export function rowWindow<Row>(options: RowWindowOptions<Row>): RowWindow<Row> {
  const { idOf } = options;
  lists += 1;
  const prefix = `wechat-row-${lists}-`;
  const space = element('div', { class: 'wechat-rows', role: 'presentation' });
  const none = element('div', { class: 'wechat-none', hidden: true }, options.none);
  const list = element(
    'div',
    { class: 'wechat-row-list', role: 'listbox', 'aria-label': options.label, tabindex: 0 },
    space,
  );
  const root = element('div', { class: 'wechat-row-window' }, list, none);
  let rows: readonly Row[] = [];
  let selected: string | undefined;
  /** The row the keyboard is at. */
  let active = 0;

  function option(row: Row, index: number): HTMLElement {
    const id = idOf(row);
    const made = element(
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
    made.classList.toggle('wechat-row-active', index === active);
    made.style.top = `${index * rowHeight}px`;
    return made;
  }

  function draw(): void {
    const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - spare);
    const last = Math.ceil((list.scrollTop + list.clientHeight) / rowHeight) + spare;
    const shown = rows.slice(first, last).map((row, index) => option(row, first + index));
    space.replaceChildren(...shown);
    if (active >= first && active < first + shown.length)
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

  // Not on the rows: one that is drawn anew between press and release would never be clicked.
  space.addEventListener('click', ({ clientY }) => {
    const index = Math.floor((clientY - space.getBoundingClientRect().top) / rowHeight);
    const row = rows[index];
    if (row === undefined) return;
    active = index;
    options.chosen(row);
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
    else if ((event.key === 'Enter' || event.key === ' ') && row !== undefined) options.chosen(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    root,
    focus: () => list.focus(),
    show(shown, chosenId) {
      const activeRow = rows[active];
      const activeId = chosenId === selected && activeRow !== undefined ? idOf(activeRow) : chosenId;
      rows = shown;
      selected = chosenId;
      active = Math.max(
        0,
        rows.findIndex((row) => idOf(row) === activeId),
      );
      space.style.height = `${rows.length * rowHeight}px`;
      none.hidden = rows.length > 0;
      list.hidden = rows.length === 0;
      draw();
    },
  };
}
