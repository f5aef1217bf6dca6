/** The members of a room, with controls to add and remove them. */
import { createAvatar } from '../../ui/avatar.editor';
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import { createContactField } from './contact-field.editor';
import type { ContactOption } from './contact-index.editor';

/** The panel. */
export interface Members {
  readonly root: HTMLElement;
  show(members: readonly ContactOption[], nonMembers: readonly ContactOption[]): void;
}

/** Callbacks of the panel. */
export interface MembersOptions {
  readonly onJoin: (id: string) => void;
  readonly onLeave: (id: string) => void;
}

/** Maximum members shown. */
const maxShown = 200;

/** Creates the panel. */
export function createMembers({ onJoin, onLeave }: MembersOptions): Members {
  let members: readonly ContactOption[] = [];
  let nonMembers: readonly ContactOption[] = [];
  const add = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small', disabled: true },
    translate('members.join'),
  );
  const contactField = createContactField(
    translate('members.who'),
    () => nonMembers,
    () => {
      add.disabled = contactField.selected() === undefined;
    },
  );
  const list = element('ul', { class: 'wechat-member-list' });
  const more = element('p', { class: 'wechat-empty' });

  add.addEventListener('click', () => {
    const contact = contactField.selected();
    if (!contact) return;
    contactField.clear();
    onJoin(contact.id);
  });

  function row({ id, name, alias }: ContactOption): HTMLElement {
    const button = element(
      'button',
      {
        type: 'button',
        class: 'red-ui-button red-ui-button-small',
        'aria-label': translate('members.leaveWho', { name }),
      },
      translate('members.leave'),
    );
    button.addEventListener('click', () => onLeave(id));
    return element(
      'li',
      {},
      createAvatar({ id, name }),
      element(
        'span',
        { class: 'wechat-member-name' },
        name,
        ...(alias ? [element('small', {}, ` ${alias}`)] : []),
      ),
      button,
    );
  }

  return {
    root: element(
      'section',
      { class: 'wechat-members', 'aria-label': translate('members.label') },
      element('div', { class: 'wechat-form-line' }, contactField.root, add),
      list,
      more,
    ),
    show(shown, others) {
      nonMembers = others;
      const same =
        shown.length === members.length &&
        shown.every(({ id, name }, index) => members[index]?.id === id && members[index].name === name);
      if (same) return;
      members = shown;
      list.replaceChildren(...shown.slice(0, maxShown).map(row));
      more.textContent =
        shown.length > maxShown ? translate('members.more', { count: shown.length - maxShown }) : '';
    },
  };
}
