/** Who is in a room: people leave it and join it here. */
import { avatar } from '../../ui/avatar.editor';
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import { personField } from './person-field.editor';
import type { Candidate } from './contact-index.editor';

/** The list. */
export interface Members {
  readonly root: HTMLElement;
  show(members: readonly Candidate[], others: readonly Candidate[]): void;
}

/** What can happen to the room. */
export interface MembersOptions {
  readonly join: (id: string) => void;
  readonly leave: (id: string) => void;
}

/** More members than anybody looks through; the field above narrows them down. */
const most = 200;

/** Makes the list. */
export function makeMembers({ join, leave }: MembersOptions): Members {
  let members: readonly Candidate[] = [];
  let others: readonly Candidate[] = [];
  const add = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small', disabled: true },
    translate('members.join'),
  );
  const who = personField(
    translate('members.who'),
    () => others,
    () => {
      add.disabled = who.picked() === undefined;
    },
  );
  const list = element('ul', { class: 'wechat-member-list' });
  const more = element('p', { class: 'wechat-empty' });

  add.addEventListener('click', () => {
    const person = who.picked();
    if (!person) return;
    who.clear();
    join(person.id);
  });

  function row({ id, name, alias }: Candidate): HTMLElement {
    const button = element(
      'button',
      {
        type: 'button',
        class: 'red-ui-button red-ui-button-small',
        'aria-label': translate('members.leaveWho', { name }),
      },
      translate('members.leave'),
    );
    button.addEventListener('click', () => leave(id));
    return element(
      'li',
      {},
      avatar({ id, name }),
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
      element('div', { class: 'wechat-form-line' }, who.root, add),
      list,
      more,
    ),
    show(now, rest) {
      others = rest;
      const same =
        now.length === members.length &&
        now.every(({ id, name }, index) => members[index]?.id === id && members[index].name === name);
      if (same) return;
      members = now;
      list.replaceChildren(...now.slice(0, most).map(row));
      more.textContent = now.length > most ? translate('members.more', { count: now.length - most }) : '';
    },
  };
}
