/** The card of a bot: account, state, actions and login QR code. */
import { canControlBots, fetchFile, runBotAction } from '../api/admin-client.editor';
import type { BotAction, BotLogin, BotSummary } from '../../admin/api-types';
import { createAvatar } from '../ui/avatar.editor';
import { fullTime, shortTime } from '../ui/time-format.editor';
import { element } from '../ui/dom.editor';
import type { Translate } from '../ui/translate.editor';
import { createLoginQr } from './login-qr.editor';
import { createPeople, joinablePuppets } from './people.editor';

const actions: readonly BotAction[] = ['start', 'stop', 'login', 'logout'];

/** The actions available in each state; others would have no effect. */
const actionsByState: Readonly<Record<string, readonly BotAction[]>> = {
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

/** A bot's card. */
export interface BotCard {
  readonly root: HTMLElement;
  /** Shows the current state of the bot. */
  update(bot: BotLogin): void;
}

/** A number with its label. */
function createCounter(
  icon: string,
  label: string,
): { readonly root: HTMLElement; set(value: number): void } {
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

/** Creates the card of a bot; `onAction` is called after every action. */
export function createBotCard(id: string, translate: Translate, onAction: () => void): BotCard {
  const avatarSlot = element('span', { class: 'wechat-card-face' });
  const name = element('h3', { class: 'wechat-card-name' });
  const puppet = element('span', { class: 'wechat-card-puppet' });
  const user = element('div', { class: 'wechat-card-user' });
  const dot = element('span', { class: 'wechat-dot', 'aria-hidden': 'true' });
  const reason = element('span', { class: 'wechat-card-reason', role: 'status' });
  const since = element('time', { class: 'wechat-card-since' });
  const loginQr = createLoginQr(translate);
  const people = createPeople(id, translate);
  const error = element('div', { class: 'wechat-card-problem', role: 'alert' });
  const received = createCounter('fa-arrow-down', translate('login.received'));
  const sent = createCounter('fa-arrow-up', translate('login.sent'));
  const waiting = createCounter('fa-hourglass-half', translate('login.waiting'));
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
  let shownAvatar: string | undefined;

  function showAvatar({ name: botName, user: account }: BotSummary): void {
    const key = JSON.stringify([botName, account]);
    if (key === shownAvatar) return;
    shownAvatar = key;
    const image = account?.avatar;
    avatarSlot.replaceChildren(
      createAvatar({
        id: account?.id ?? id,
        name: account?.name ?? botName,
        ...(image === undefined ? {} : { loadImage: () => fetchFile(image) }),
      }),
    );
  }

  function show(bot: BotSummary): void {
    root.setAttribute('aria-label', bot.name);
    dot.dataset.tone = tones[bot.state] ?? '';
    name.textContent = bot.name;
    puppet.textContent = bot.puppet;
    people.hidden = !joinablePuppets.includes(bot.puppet) || bot.user === null;
    user.textContent = bot.user
      ? translate('login.as', { name: bot.user.name, id: bot.user.id })
      : translate('login.nobody');
    // A status that is written again is announced again by screen readers.
    if (reason.textContent !== bot.reason) reason.textContent = bot.reason;
    since.textContent = translate('login.since', { time: shortTime(bot.since) });
    since.dateTime = new Date(bot.since).toISOString();
    since.title = fullTime(bot.since);
    received.set(bot.received);
    sent.set(bot.sent);
    waiting.set(bot.waiting);
    showAvatar(bot);
    for (const [action, button] of buttons) {
      const offered = actionsByState[bot.state]?.includes(action) ?? false;
      button.disabled = !canControlBots() || !offered;
      button.classList.toggle('primary', offered && (action === 'start' || action === 'login'));
    }
  }

  function run(action: BotAction): void {
    error.textContent = '';
    for (const button of buttons.values()) button.disabled = true;
    runBotAction(id, action)
      .then(show, (reason: unknown) => {
        error.textContent = translate('login.problem', { error: (reason as Error).message });
      })
      .finally(onAction);
  }

  for (const [action, button] of buttons) {
    button.addEventListener('click', () => {
      if (action === 'logout')
        confirmLogout(name.textContent, translate, () => {
          run(action);
        });
      else run(action);
    });
  }

  root.append(
    element(
      'div',
      { class: 'wechat-card-head' },
      avatarSlot,
      element('div', { class: 'wechat-card-title' }, name, user),
      puppet,
    ),
    element('div', { class: 'wechat-card-state' }, dot, reason, since),
    element('dl', { class: 'wechat-figures' }, received.root, sent.root, waiting.root),
    loginQr.root,
    people,
    element('div', { class: 'wechat-card-buttons' }, ...buttons.values()),
    error,
  );
  return {
    root,
    update(bot) {
      show(bot);
      loginQr.update(bot);
    },
  };
}

/** Asks for confirmation: a logout deletes the session, and a new login needs the phone. */
function confirmLogout(name: string, translate: Translate, onConfirm: () => void): void {
  const question = $(element('p', {}, translate('login.confirmLogout', { name })));
  const notification = RED.notify(question, {
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
          onConfirm();
        },
      },
    ],
  });
  function close(): void {
    notification.close();
  }
}
