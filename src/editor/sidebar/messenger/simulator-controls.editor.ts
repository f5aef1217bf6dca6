/** The bot's phone and the weather: login, faults, and people who want to be friends. */
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import { personField } from './person-field.editor';
import type { LetHappen, WorldContact, WorldView } from '../../api/simulator-api.editor';

/** The panel. */
export interface Phone {
  readonly root: HTMLElement;
  show(world: WorldView): void;
  open(open: boolean): void;
}

const slowness = [0, 500, 2000, 5000];

function part(title: string, ...content: Node[]): HTMLElement {
  return element('fieldset', { class: 'wechat-part' }, element('legend', {}, title), ...content);
}

/** Makes the panel. */
export function makePhone(letHappen: LetHappen): Phone {
  const problem = element('div', { class: 'wechat-problem', role: 'alert' });
  const told = element('div', { class: 'wechat-told', role: 'status' });

  function attempt(happening: Promise<void>, done: string): void {
    problem.textContent = '';
    told.textContent = '';
    happening.then(
      () => {
        told.textContent = done;
      },
      (error: unknown) => {
        problem.textContent = (error as Error).message;
      },
    );
  }

  function button(label: string, press: () => void): HTMLButtonElement {
    const made = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, label);
    made.addEventListener('click', press);
    return made;
  }

  let isScanned = false;
  const scan = button(translate('phone.scan'), () => {
    if (isScanned) attempt(letHappen('scan', {}), translate('phone.confirmed'));
    else attempt(letHappen('scan', { confirm: false }), translate('login.scanned'));
  });
  const wrong = button(translate('phone.wrong'), () => attempt(letHappen('scan', { code: 'wrong' }), ''));
  const expire = button(translate('phone.expire'), () =>
    attempt(letHappen('scan', { expire: true }), translate('phone.expired')),
  );
  const logout = button(translate('phone.logout'), () =>
    attempt(letHappen('phone-logout', {}), translate('phone.loggedOut')),
  );

  function fault(name: 'offline' | 'sendsFail'): { box: HTMLInputElement; root: HTMLElement } {
    const box = element('input', { type: 'checkbox' });
    box.addEventListener('change', () => attempt(letHappen('faults', { [name]: box.checked }), ''));
    return { box, root: element('label', { class: 'wechat-switch' }, box, translate(`phone.${name}`)) };
  }
  const offline = fault('offline');
  const sendsFail = fault('sendsFail');
  const slow = element(
    'select',
    {},
    ...slowness.map((ms) =>
      element(
        'option',
        { value: ms },
        ms === 0 ? translate('phone.fast') : translate('phone.slowBy', { seconds: ms / 1000 }),
      ),
    ),
  );
  slow.addEventListener('change', () => attempt(letHappen('faults', { slow: Number(slow.value) }), ''));

  let strangers: readonly WorldContact[] = [];
  const words = element('input', {
    type: 'text',
    'aria-label': translate('phone.hello'),
    placeholder: translate('phone.hello'),
  });
  const ask = button(translate('phone.ask'), () => {
    const person = who.picked();
    if (!person) return;
    const text = words.value.trim();
    attempt(
      letHappen('friend-request', { from: person.id, ...(text === '' ? {} : { text }) }),
      translate('phone.asked', { name: person.name }),
    );
    who.clear();
    words.value = '';
  });
  ask.disabled = true;
  const who = personField(
    translate('phone.stranger'),
    () => strangers,
    () => {
      ask.disabled = who.picked() === undefined;
    },
  );

  const root = element(
    'section',
    {
      hidden: true,
      class: 'wechat-phone',
      id: 'wechat-phone',
      'aria-label': translate('phone.label'),
    },
    problem,
    told,
    part(
      translate('phone.login'),
      element('div', { class: 'wechat-card-buttons' }, scan, wrong, expire, logout),
    ),
    part(
      translate('phone.faults'),
      offline.root,
      sendsFail.root,
      element('label', { class: 'wechat-switch' }, translate('phone.slow'), slow),
    ),
    part(
      translate('phone.request'),
      element('div', { class: 'wechat-form-line' }, who.root),
      element('div', { class: 'wechat-form-line' }, words, ask),
    ),
  );

  return {
    root,
    open(open) {
      root.hidden = !open;
      problem.textContent = '';
      told.textContent = '';
    },
    show({ contacts, faults, login }) {
      strangers = contacts.filter(({ friend }) => !friend);
      for (const one of [scan, wrong, expire]) one.disabled = !login.waiting;
      isScanned = login.scanned;
      scan.textContent = translate(isScanned ? 'phone.confirm' : 'phone.scan');
      logout.disabled = login.waiting;
      offline.box.checked = faults.offline;
      sendsFail.box.checked = faults.sendsFail;
      if (
        !slowness.includes(faults.slow) &&
        ![...slow.options].some(({ value }) => value === String(faults.slow))
      ) {
        slow.append(
          element(
            'option',
            { value: faults.slow },
            translate('phone.slowBy', { seconds: faults.slow / 1000 }),
          ),
        );
      }
      slow.value = String(faults.slow);
    },
  };
}
