/** The puppets to choose from, each with what it is and what it needs. */
import { inEditorLanguage, type PuppetSummary } from '../api/admin-client.editor';
import type { Translator } from '../ui/translate';
import { element } from '../ui/dom.editor';

/** A list of puppets on the page. */
export interface PuppetListOptions {
  readonly puppets: readonly PuppetSummary[];
  /** The name of the chosen puppet. */
  readonly chosen: string;
  readonly node: Translator;
  /** Told the name of a puppet, or undefined for another one than those in the list. */
  readonly changed: (name: string | undefined) => void;
}

/** What people call a puppet; a package they may not know by name. */
function titleOf(name: string, node: Translator): string {
  const key = `puppet.${name}`;
  const known = node._(key);
  // Node-RED answers an unknown key with the key.
  return known.endsWith(key) ? name : known;
}

function row(value: string, checked: boolean, ...words: (HTMLElement | string)[]): HTMLElement {
  return element(
    'label',
    {},
    element('input', { type: 'radio', name: 'wechat-puppet', value, checked }),
    element('span', { class: 'wechat-puppet' }, ...words),
  );
}

function puppetRow(puppet: PuppetSummary, { chosen, node }: PuppetListOptions): HTMLElement {
  const { name, summary, needs, installed } = puppet;
  const badge = installed ? [] : [element('span', { class: 'wechat-badge' }, node._('puppet.missing'))];
  return row(
    name,
    name === chosen,
    element('span', { class: 'wechat-pick-name' }, titleOf(name, node)),
    ...badge,
    element('span', { class: 'wechat-puppet-about' }, inEditorLanguage(summary)),
    element(
      'span',
      { class: 'wechat-puppet-about' },
      node._('puppet.needs', { needs: inEditorLanguage(needs) }),
    ),
  );
}

/** Puts the list into `container`, in place of what was there. */
export function showPuppets(container: HTMLElement, options: PuppetListOptions): void {
  const { puppets, chosen, node, changed } = options;
  const isOther = !puppets.some(({ name }) => name === chosen);
  const list = element(
    'div',
    { class: 'wechat-pick wechat-puppets', role: 'radiogroup', 'aria-label': node._('label.puppet') },
    ...puppets.map((puppet) => puppetRow(puppet, options)),
    row(
      '',
      isOther,
      element('span', { class: 'wechat-pick-name' }, node._('puppet.other')),
      element('span', { class: 'wechat-puppet-about' }, node._('puppet.otherAbout')),
    ),
  );
  list.addEventListener('change', () => {
    const value = list.querySelector<HTMLInputElement>('input:checked')?.value ?? '';
    changed(value === '' ? undefined : value);
  });
  container.replaceChildren(list);
  const first = list.querySelector<HTMLInputElement>('input:checked')?.parentElement;
  if (first) list.scrollTop = first.offsetTop - list.offsetTop;
}
