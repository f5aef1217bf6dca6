/** The QR code of a login: how long it holds, what the phone says of it, and ways to pass it on. */
import type { BotLogin } from '../api/admin-client.editor';
import { countdown } from '../ui/time-format.editor';
import { copyText } from '../ui/copy-text.editor';
import { element } from '../ui/dom.editor';
import { qrCode, saveQrCode } from '../ui/qr-code.editor';

/** Texts of the `login` group in the node's or the plugin's catalogue. */
export type Translate = (key: string, values?: Record<string, string>) => string;

/** The place for a QR code, empty while none waits. */
export interface LoginCode {
  readonly root: HTMLElement;
  update(bot: BotLogin): void;
}

/** Makes the place. */
export function loginCode(translate: Translate): LoginCode {
  const picture = element('div', { class: 'wechat-code-picture' });
  const done = element(
    'div',
    { class: 'wechat-code-scanned', hidden: true, 'aria-hidden': 'true' },
    element('i', { class: 'fa fa-check-circle' }),
  );
  const words = element('p', { class: 'wechat-code-words', role: 'status' });
  const left = element('p', { class: 'wechat-code-left' });
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
  const frame = element('div', { class: 'wechat-code-frame' }, picture, done);
  const passOn = element('div', { class: 'wechat-card-buttons' }, copy, save);
  const root = element(
    'div',
    { class: 'wechat-code', role: 'group', 'aria-label': translate('login.qr'), hidden: true },
    frame,
    element('div', { class: 'wechat-code-side' }, words, left, passOn),
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
    const ms = expiresAt === undefined ? undefined : expiresAt - Date.now();
    if (ms === undefined) left.textContent = '';
    else if (ms > 0) left.textContent = translate('login.expires', { time: countdown(ms) });
    else left.textContent = translate('login.renewing');
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
      const scanned = bot.state === 'scanning' && bot.status === 'scanned';
      root.hidden = url === undefined && !scanned;
      frame.hidden = url === undefined;
      passOn.hidden = url === undefined || scanned;
      if (url !== shown) {
        shown = url;
        if (url === undefined) picture.replaceChildren();
        else picture.replaceChildren(qrCode(url, translate('login.qr')));
      }
      const said = root.hidden ? '' : translate(scanned ? 'login.scanned' : 'login.scan');
      if (words.textContent !== said) words.textContent = said;
      done.hidden = !scanned;
      expiresAt = scanned ? undefined : bot.expiresAt;
      tickWhileShown();
    },
  };
}
