/** The QR code of a login with its expiry, scan status and buttons to share it. */
import { sendDigits } from '../api/admin-client.editor';
import type { BotLogin, LoginStatus } from '../../admin/api-types';
import { countdown } from '../ui/time-format.editor';
import { copyText } from '../ui/copy-text.editor';
import { element } from '../ui/dom.editor';
import type { Translate } from '../ui/translate.editor';
import { createQrCode, saveQrCode } from '../ui/qr-code.editor';

/** The QR code of a login, hidden while there is none. */
export interface LoginQr {
  readonly root: HTMLElement;
  update(bot: BotLogin): void;
}

/** What to do at each step. */
const instructions: Partial<Record<LoginStatus, string>> = {
  scanned: 'login.scanned',
  digits: 'login.digits',
  'digits-wrong': 'login.digitsWrong',
};

/** The field for the digits that a phone shows. */
function createDigitsForm(translate: Translate): {
  readonly root: HTMLElement;
  update(bot: string, isShown: boolean): void;
} {
  const input = element('input', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: '12',
    'aria-label': translate('login.digitsLabel'),
  });
  const button = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small' },
    translate('login.digitsSend'),
  );
  const problem = element('p', { class: 'wechat-card-problem', role: 'alert' });
  // Not a form of its own: the bot's form, in which it is shown too, is one already.
  const root = element('div', { class: 'wechat-code-digits', hidden: true }, input, button, problem);
  let bot = '';
  const send = (): void => {
    problem.textContent = '';
    sendDigits(bot, input.value).then(
      () => {
        input.value = '';
      },
      (error: unknown) => {
        problem.textContent = translate('login.problem', { error: (error as Error).message });
      },
    );
  };
  button.addEventListener('click', send);
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    send();
  });
  return {
    root,
    update(id, isShown) {
      bot = id;
      if (isShown && root.hidden) window.setTimeout(() => input.focus());
      root.hidden = !isShown;
    },
  };
}

/** Creates the element. */
export function createLoginQr(translate: Translate): LoginQr {
  const image = element('div', { class: 'wechat-code-picture' });
  const scannedMark = element(
    'div',
    { class: 'wechat-code-scanned', hidden: true, 'aria-hidden': 'true' },
    element('i', { class: 'fa fa-check-circle' }),
  );
  const instruction = element('p', { class: 'wechat-code-words', role: 'status' });
  const remaining = element('p', { class: 'wechat-code-left' });
  const copy = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small' },
    element('i', { class: 'fa fa-link', 'aria-hidden': 'true' }),
    ` ${translate('login.copy')}`,
  );
  const save = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small' },
    element('i', { class: 'fa fa-download', 'aria-hidden': 'true' }),
    ` ${translate('login.save')}`,
  );
  const frame = element('div', { class: 'wechat-code-frame' }, image, scannedMark);
  const digits = createDigitsForm(translate);
  const shareButtons = element('div', { class: 'wechat-card-buttons' }, copy, save);
  const root = element(
    'div',
    { class: 'wechat-code', role: 'group', 'aria-label': translate('login.qr'), hidden: true },
    frame,
    element('div', { class: 'wechat-code-side' }, instruction, digits.root, remaining, shareButtons),
  );
  let shown: string | undefined;
  let name = '';
  let expiresAt: number | undefined;
  let timer: number | undefined;

  copy.addEventListener('click', () => {
    if (shown !== undefined) copyText(shown, copy, translate('login.copied'));
  });
  save.addEventListener('click', () => {
    if (shown !== undefined) saveQrCode(shown, `${name || 'wechat'}-qr.png`);
  });

  function tick(): void {
    // eslint-disable-next-line no-restricted-syntax -- a time of the server, in ms since 1970
    const ms = expiresAt === undefined ? undefined : expiresAt - Date.now();
    if (ms === undefined) remaining.textContent = '';
    else if (ms > 0) remaining.textContent = translate('login.expires', { time: countdown(ms) });
    else remaining.textContent = translate('login.renewing');
  }

  function tickWhileShown(): void {
    window.clearInterval(timer);
    if (shown === undefined) return;
    tick();
    timer = window.setInterval(() => {
      if (!root.isConnected) window.clearInterval(timer);
      else tick();
    }, 1000);
  }

  return {
    root,
    update(bot) {
      name = bot.name;
      const url = bot.state === 'scanning' ? bot.url : undefined;
      const wantsDigits = bot.status === 'digits' || bot.status === 'digits-wrong';
      const scanned = bot.state === 'scanning' && (bot.status === 'scanned' || wantsDigits);
      root.hidden = url === undefined && !scanned;
      frame.hidden = url === undefined;
      shareButtons.hidden = url === undefined || scanned;
      if (url !== shown) {
        shown = url;
        if (url === undefined) image.replaceChildren();
        else image.replaceChildren(createQrCode(url, translate('login.qr')));
      }
      const text = root.hidden ? '' : translate(instructions[bot.status ?? 'waiting'] ?? 'login.scan');
      if (instruction.textContent !== text) instruction.textContent = text;
      digits.update(bot.id, wantsDigits && scanned);
      scannedMark.hidden = !scanned;
      expiresAt = scanned ? undefined : bot.expiresAt;
      tickWhileShown();
    },
  };
}
