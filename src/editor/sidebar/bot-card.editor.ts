/** One bot: who it is, how it is, what can be done with it, and its QR code. */
import { act, type BotAction, type BotLogin, type BotSummary, maySteer } from '../api/admin-client.editor';
import { avatar } from '../ui/avatar.editor';
import { fullTime, shortTime } from '../ui/time-format.editor';
import { element } from '../ui/dom.editor';
import { loginCode, type Translate } from './login-qr.editor';

export type { Translate } from './login-qr.editor';

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

/** One number with what it counts. */
function figure(icon: string, label: string): { readonly root: HTMLElement; set(value: number): void } {
  const value = element('dd', {});
  return {
    root: element(
      'div',
      { class: 'wechat-figure', title: label },
      element('dt', {}, element('i', { class: `fa ${icon}`, 'aria-hidden': 'true' }), ` ${label}`),
      value,
    ),
    set(count) {
      value.textContent = String(count);
    },
  };
}

/** Makes the card of one bot; `acted` is told when something was asked of it. */
export function botCard(id: string, translate: Translate, acted: () => void): BotCard {
  const face = element('span', { class: 'wechat-card-face' });
  const name = element('h3', { class: 'wechat-card-name' });
  const puppet = element('span', { class: 'wechat-card-puppet' });
  const user = element('div', { class: 'wechat-card-user' });
  const dot = element('span', { class: 'wechat-dot', 'aria-hidden': 'true' });
  const reason = element('span', { class: 'wechat-card-reason', role: 'status' });
  const since = element('time', { class: 'wechat-card-since' });
  const code = loginCode(translate);
  const problem = element('div', { class: 'wechat-card-problem', role: 'alert' });
  const received = figure('fa-arrow-down', translate('login.received'));
  const sent = figure('fa-arrow-up', translate('login.sent'));
  const waiting = figure('fa-hourglass-half', translate('login.waiting'));
  const root = element('section', { class: 'wechat-card' });
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
  let shownFace: string | undefined;

  function showFace({ name: botName, user: who }: BotSummary): void {
    const key = JSON.stringify([botName, who]);
    if (key === shownFace) return;
    shownFace = key;
    face.replaceChildren(
      avatar({
        id: who?.id ?? id,
        name: who?.name ?? botName,
        ...(who?.avatar === undefined ? {} : { picture: who.avatar }),
      }),
    );
  }

  function show(bot: BotSummary): void {
    root.setAttribute('aria-label', bot.name);
    dot.dataset.tone = tones[bot.state] ?? '';
    name.textContent = bot.name;
    puppet.textContent = bot.puppet;
    user.textContent = bot.user
      ? translate('login.as', { name: bot.user.name, id: bot.user.id })
      : translate('login.nobody');
    // A status that is written again is read out again.
    if (reason.textContent !== bot.reason) reason.textContent = bot.reason;
    since.textContent = translate('login.since', { time: shortTime(bot.since) });
    since.dateTime = new Date(bot.since).toISOString();
    since.title = fullTime(bot.since);
    received.set(bot.received);
    sent.set(bot.sent);
    waiting.set(bot.waiting);
    showFace(bot);
    for (const [action, button] of buttons) {
      const offered = possible[bot.state]?.includes(action) ?? false;
      button.disabled = !maySteer() || !offered;
      button.classList.toggle('primary', offered && (action === 'start' || action === 'login'));
    }
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

  root.append(
    element(
      'div',
      { class: 'wechat-card-head' },
      face,
      element('div', { class: 'wechat-card-title' }, name, user),
      puppet,
    ),
    element('div', { class: 'wechat-card-state' }, dot, reason, since),
    element('dl', { class: 'wechat-figures' }, received.root, sent.root, waiting.root),
    code.root,
    element('div', { class: 'wechat-card-buttons' }, ...buttons.values()),
    problem,
  );
  return {
    root,
    update(bot) {
      show(bot);
      code.update(bot);
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
