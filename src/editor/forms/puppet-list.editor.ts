/** The list of puppets with their summaries and requirements. */
import { localize } from '../api/localize.editor';
import type { PuppetSummary } from '../../admin/api-types';
import type { Translator } from '../ui/translate.editor';
import { element } from '../ui/dom.editor';

/** Options of the list. */
export interface PuppetListOptions {
  readonly puppets: readonly PuppetSummary[];
  /** The name of the selected puppet. */
  readonly selected: string;
  readonly node: Translator;
  /** Called with the name of a puppet, or undefined for one that is not in the list. */
  readonly onChange: (name: string | undefined) => void;
}

/** The title of a puppet: its translated name, or its package name. */
function titleOf(name: string, node: Translator): string {
  const key = `puppet.${name}`;
  const known = node._(key);
  // Node-RED returns an unknown key unchanged.
  return known.endsWith(key) ? name : known;
}

function createRow(value: string, checked: boolean, ...content: (HTMLElement | string)[]): HTMLElement {
  return element(
    'label',
    {},
    element('input', { type: 'radio', name: 'wechat-puppet', value, checked }),
    element('span', { class: 'wechat-puppet' }, ...content),
  );
}

function puppetRow(puppet: PuppetSummary, { selected, node }: PuppetListOptions): HTMLElement {
  const { name, summary, needs, installed } = puppet;
  const badge = installed ? [] : [element('span', { class: 'wechat-badge' }, node._('puppet.missing'))];
  return createRow(
    name,
    name === selected,
    element('span', { class: 'wechat-pick-name' }, titleOf(name, node)),
    ...badge,
    element('span', { class: 'wechat-puppet-about' }, localize(summary)),
    element('span', { class: 'wechat-puppet-about' }, node._('puppet.needs', { needs: localize(needs) })),
  );
}

/** Replaces the content of `container` by the list. */
export function showPuppetList(container: HTMLElement, options: PuppetListOptions): void {
  const { puppets, selected, node, onChange } = options;
  const isOther = !puppets.some(({ name }) => name === selected);
  const list = element(
    'div',
    { class: 'wechat-pick wechat-puppets', role: 'radiogroup', 'aria-label': node._('label.puppet') },
    ...puppets.map((puppet) => puppetRow(puppet, options)),
    createRow(
      '',
      isOther,
      element('span', { class: 'wechat-pick-name' }, node._('puppet.other')),
      element('span', { class: 'wechat-puppet-about' }, node._('puppet.otherAbout')),
    ),
  );
  list.addEventListener('change', () => {
    const value = list.querySelector<HTMLInputElement>('input:checked')?.value ?? '';
    onChange(value === '' ? undefined : value);
  });
  container.replaceChildren(list);
  const first = list.querySelector<HTMLInputElement>('input:checked')?.parentElement;
  if (first) list.scrollTop = first.offsetTop - list.offsetTop;
}
