/** One bot: who it is, how it is, what can be done with it, and its QR code. */
import { act, type BotAction, type BotLogin, type BotSummary, maySteer } from './admin.editor';
import { element } from './dom.editor';
import { qrCode } from './qr-code.editor';

/** Texts of the `login` group in the node's or the plugin's catalogue. */
export type Translate = (key: string, values?: Record<string, string>) => string;

const actions: readonly BotAction[] = ['start', 'stop', 'login', 'logout'];

/** What can be done in which state; all else would do nothing. */
const possible: Readonly<Record<string, readonly BotAction[]>> = {
  stopped: ['start'],
  starting: ['stop'],
  'login-required': ['login', 'stop'],
  scanning: ['stop'],
  'logged-in': ['stop', 'logout'],
  ready: ['stop', 'logout'],
  restarting: ['stop'],
  failed: ['start', 'stop'],
};

const tones: Readonly<Record<string, string>> = {
  starting: 'wait',
  'login-required': 'bad',
  scanning: 'wait',
  'logged-in': 'good',
  ready: 'good',
  restarting: 'wait',
  failed: 'bad',
};

/** A card that can be kept up to date. */
export interface BotCard {
  readonly root: HTMLElement;
  /** Shows what the runtime says now. */
  update(bot: BotLogin): void;
}

/** Makes the card of one bot; `acted` is told when something was asked of it. */
export function botCard(id: string, translate: Translate, acted: () => void): BotCard {
  const dot = element('span', { class: 'wechat-dot', 'aria-hidden': 'true' });
  const name = element('span', { class: 'wechat-card-name' });
  const puppet = element('span', { class: 'wechat-card-puppet' });
  const reason = element('div', { class: 'wechat-card-reason', role: 'status' });
  const qr = element('div', { class: 'wechat-card-qr' });
  const problem = element('div', { class: 'wechat-card-problem', role: 'alert' });
  const buttons = new Map(
    actions.map((action) => [
      action,
      element(
        'button',
        { type: 'button', class: 'red-ui-button red-ui-button-small' },
        translate(`login.${action}`),
      ),
    ]),
  );
  let shownUrl: string | undefined;

  function show(bot: BotSummary): void {
    dot.dataset.tone = tones[bot.state] ?? '';
    name.textContent = bot.name;
    puppet.textContent = bot.puppet;
    reason.textContent = bot.reason;
    for (const [action, button] of buttons) {
      button.disabled = !maySteer() || !possible[bot.state]?.includes(action);
    }
  }

  function showQrCode(url: string | undefined): void {
    if (url === shownUrl) return;
    shownUrl = url;
    if (url === undefined) qr.replaceChildren();
    else qr.replaceChildren(qrCode(url, translate('login.qr')), element('p', {}, translate('login.scan')));
  }

  function ask(action: BotAction): void {
    problem.textContent = '';
    for (const button of buttons.values()) button.disabled = true;
    act(id, action)
      .then(show, (error: unknown) => {
        problem.textContent = translate('login.problem', { error: (error as Error).message });
      })
      .finally(acted);
  }

  for (const [action, button] of buttons) {
    button.addEventListener('click', () => {
      if (action === 'logout')
        confirmLogout(name.textContent, translate, () => {
          ask(action);
        });
      else ask(action);
    });
  }

  return {
    root: element(
      'section',
      { class: 'wechat-card' },
      element('div', { class: 'wechat-card-head' }, dot, name, puppet),
      reason,
      qr,
      element('div', { class: 'wechat-card-buttons' }, ...buttons.values()),
      problem,
    ),
    update(bot) {
      show(bot);
      showQrCode(bot.state === 'scanning' ? bot.url : undefined);
    },
  };
}

/** Logging out throws the session away, and only the phone can bring it back. */
function confirmLogout(name: string, translate: Translate, confirmed: () => void): void {
  const question = $(element('p', {}, translate('login.confirmLogout', { name })));
  const note = RED.notify(question, {
    modal: true,
    fixed: true,
    type: 'warning',
    buttons: [
      {
        text: translate('login.cancel'),
        click: () => {
          close();
        },
      },
      {
        text: translate('login.logout'),
        class: 'primary',
        click: () => {
          close();
          confirmed();
        },
      },
    ],
  }) as unknown as { close(): void };
  function close(): void {
    note.close();
  }
}
