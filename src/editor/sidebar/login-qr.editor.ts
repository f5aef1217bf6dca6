/** The QR code of a login with its expiry, scan status and buttons to share it. */
import type { BotLogin } from '../../admin/api-types';
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
  const shareButtons = element('div', { class: 'wechat-card-buttons' }, copy, save);
  const root = element(
    'div',
    { class: 'wechat-code', role: 'group', 'aria-label': translate('login.qr'), hidden: true },
    frame,
    element('div', { class: 'wechat-code-side' }, instruction, remaining, shareButtons),
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
      const scanned = bot.state === 'scanning' && bot.status === 'scanned';
      root.hidden = url === undefined && !scanned;
      frame.hidden = url === undefined;
      shareButtons.hidden = url === undefined || scanned;
      if (url !== shown) {
        shown = url;
        if (url === undefined) image.replaceChildren();
        else image.replaceChildren(createQrCode(url, translate('login.qr')));
      }
      const text = root.hidden ? '' : translate(scanned ? 'login.scanned' : 'login.scan');
      if (instruction.textContent !== text) instruction.textContent = text;
      scannedMark.hidden = !scanned;
      expiresAt = scanned ? undefined : bot.expiresAt;
      tickWhileShown();
    },
  };
}
