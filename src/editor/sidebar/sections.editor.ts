/** The tabs of the sidebar. */
import { element } from '../ui/dom.editor';

/** One section. */
export interface Section {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  readonly content: HTMLElement;
}

/** The tabs with their panels. */
export interface Sections {
  readonly bar: HTMLElement;
  readonly panels: readonly HTMLElement[];
  show(id: string): void;
}

/** The index of the tab that a key moves the focus to; undefined for other keys. */
function nextIndex(key: string, index: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (index + 1) % count;
  if (key === 'ArrowLeft') return (index + count - 1) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return undefined;
}

/** Creates the tabs; the first is selected. */
export function createSections(sections: readonly Section[], label: string): Sections {
  const tabs = sections.map(({ id, label: name, icon }) =>
    element(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `wechat-tab-${id}`,
        class: 'wechat-tab',
        'aria-controls': `wechat-panel-${id}`,
      },
      element('i', { class: `fa ${icon}`, 'aria-hidden': 'true' }),
      element('span', {}, name),
    ),
  );
  const panels = sections.map(({ id, content }) =>
    element(
      'div',
      {
        role: 'tabpanel',
        id: `wechat-panel-${id}`,
        class: `wechat-panel wechat-panel-${id}`,
        'aria-labelledby': `wechat-tab-${id}`,
      },
      content,
    ),
  );

  function show(id: string): void {
    for (const [index, section] of sections.entries()) {
      const selected = section.id === id;
      const tab = tabs[index];
      const panel = panels[index];
      tab?.setAttribute('aria-selected', String(selected));
      if (tab) tab.tabIndex = selected ? 0 : -1;
      if (panel) panel.hidden = !selected;
    }
  }

  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => show(sections[index]?.id ?? ''));
    tab.addEventListener('keydown', (event) => {
      const next = nextIndex(event.key, index, tabs.length);
      if (next === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      show(sections[next]?.id ?? '');
      tabs[next]?.focus();
    });
  }
  show(sections[0]?.id ?? '');
  return {
    bar: element('div', { class: 'wechat-tabs', role: 'tablist', 'aria-label': label }, ...tabs),
    panels,
    show,
  };
}
