/** Simulator controls: QR scan, fault injection, friend requests. */
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import { createContactField } from './contact-field.editor';
import type { PerformAction, Simulation } from '../../api/simulation.editor';
import type { SimulatorContact } from '../../../admin/api-types';

/** The panel. */
export interface SimulatorControls {
  readonly root: HTMLElement;
  show(simulation: Simulation): void;
  open(open: boolean): void;
}

const delays = [0, 500, 2000, 5000];

function createFieldset(title: string, ...content: Node[]): HTMLElement {
  return element('fieldset', { class: 'wechat-part' }, element('legend', {}, title), ...content);
}

/** Creates the panel. */
export function createSimulatorControls(performAction: PerformAction): SimulatorControls {
  const error = element('div', { class: 'wechat-problem', role: 'alert' });
  const status = element('div', { class: 'wechat-result', role: 'status' });

  function run(action: Promise<void>, done: string): void {
    error.textContent = '';
    status.textContent = '';
    action.then(
      () => {
        status.textContent = done;
      },
      (reason: unknown) => {
        error.textContent = (reason as Error).message;
      },
    );
  }

  function createButton(label: string, onClick: () => void): HTMLButtonElement {
    const button = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, label);
    button.addEventListener('click', onClick);
    return button;
  }

  let isScanned = false;
  const scan = createButton(translate('simulatorControls.scan'), () => {
    if (isScanned) run(performAction('scan', {}), translate('simulatorControls.confirmed'));
    else run(performAction('scan', { confirm: false }), translate('login.scanned'));
  });
  const wrong = createButton(translate('simulatorControls.scanInvalid'), () =>
    run(performAction('scan', { code: 'wrong' }), ''),
  );
  const expire = createButton(translate('simulatorControls.expire'), () =>
    run(performAction('scan', { expire: true }), translate('simulatorControls.expired')),
  );
  const logout = createButton(translate('simulatorControls.logout'), () =>
    run(performAction('phone-logout', {}), translate('simulatorControls.loggedOut')),
  );

  function createFaultSwitch(name: 'offline' | 'sendsFail'): { box: HTMLInputElement; root: HTMLElement } {
    const box = element('input', { type: 'checkbox' });
    box.addEventListener('change', () => run(performAction('faults', { [name]: box.checked }), ''));
    return {
      box,
      root: element('label', { class: 'wechat-switch' }, box, translate(`simulatorControls.${name}`)),
    };
  }
  const offline = createFaultSwitch('offline');
  const sendsFail = createFaultSwitch('sendsFail');
  const slow = element(
    'select',
    {},
    ...delays.map((ms) =>
      element(
        'option',
        { value: ms },
        ms === 0
          ? translate('simulatorControls.fast')
          : translate('simulatorControls.slowBy', { seconds: ms / 1000 }),
      ),
    ),
  );
  slow.addEventListener('change', () => run(performAction('faults', { slow: Number(slow.value) }), ''));

  let nonFriends: readonly SimulatorContact[] = [];
  const greeting = element('input', {
    type: 'text',
    'aria-label': translate('simulatorControls.greeting'),
    placeholder: translate('simulatorControls.greeting'),
  });
  const sendRequest = createButton(translate('simulatorControls.ask'), () => {
    const contact = contactField.selected();
    if (!contact) return;
    const text = greeting.value.trim();
    run(
      performAction('friend-request', { from: contact.id, ...(text === '' ? {} : { text }) }),
      translate('simulatorControls.asked', { name: contact.name }),
    );
    contactField.clear();
    greeting.value = '';
  });
  sendRequest.disabled = true;
  const contactField = createContactField(
    translate('simulatorControls.stranger'),
    () => nonFriends,
    () => {
      sendRequest.disabled = contactField.selected() === undefined;
    },
  );

  const root = element(
    'section',
    {
      hidden: true,
      class: 'wechat-phone',
      id: 'wechat-phone',
      'aria-label': translate('simulatorControls.label'),
    },
    error,
    status,
    createFieldset(
      translate('simulatorControls.login'),
      element('div', { class: 'wechat-card-buttons' }, scan, wrong, expire, logout),
    ),
    createFieldset(
      translate('simulatorControls.faults'),
      offline.root,
      sendsFail.root,
      element('label', { class: 'wechat-switch' }, translate('simulatorControls.slow'), slow),
    ),
    createFieldset(
      translate('simulatorControls.request'),
      element('div', { class: 'wechat-form-line' }, contactField.root),
      element('div', { class: 'wechat-form-line' }, greeting, sendRequest),
    ),
  );

  return {
    root,
    open(open) {
      root.hidden = !open;
      error.textContent = '';
      status.textContent = '';
    },
    show({ contacts, faults, login }) {
      nonFriends = contacts.filter(({ friend }) => !friend);
      for (const one of [scan, wrong, expire]) one.disabled = !login.waiting;
      isScanned = login.scanned;
      scan.textContent = translate(isScanned ? 'simulatorControls.confirm' : 'simulatorControls.scan');
      logout.disabled = login.waiting;
      offline.box.checked = faults.offline;
      sendsFail.box.checked = faults.sendsFail;
      if (
        !delays.includes(faults.slow) &&
        ![...slow.options].some(({ value }) => value === String(faults.slow))
      ) {
        slow.append(
          element(
            'option',
            { value: faults.slow },
            translate('simulatorControls.slowBy', { seconds: faults.slow / 1000 }),
          ),
        );
      }
      slow.value = String(faults.slow);
    },
  };
}
