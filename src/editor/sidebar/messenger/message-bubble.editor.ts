/** One message as a bubble. Whatever it says is shown as text. */
import { avatar, loadPicture } from '../../ui/avatar.editor';
import { openBody } from '../../api/admin-client.editor';
import { fullTime, shortTime } from '../../ui/time-format.editor';
import { element } from '../../ui/dom.editor';
import { saveFile } from '../../ui/save-file.editor';
import { report } from '../../ui/notify-error.editor';
import { translate } from '../translate.editor';
import type { WorldMessage } from '../../api/simulator-api.editor';

/** How a message is shown. */
export interface BubbleOptions {
  /** The talker's name. */
  readonly name: string;
  /** On the right, because who looks at it has said it. */
  readonly mine: boolean;
  /** Whether it stands in a room, where it is not clear who talks. */
  readonly inRoom: boolean;
  /** Where its file is; relative to the admin root. */
  readonly file: string;
  /** Takes it back; undefined where that cannot be. */
  readonly recall?: () => void;
}

/** A longer silence gets the time as a heading, in ms. */
const pause = 5 * 60_000;

const cardIcons: Readonly<Record<string, string>> = {
  Url: 'fa-link',
  MiniProgram: 'fa-th-large',
  Location: 'fa-map-marker',
  Contact: 'fa-address-card-o',
  Post: 'fa-newspaper-o',
  Attachment: 'fa-file-o',
  Video: 'fa-film',
  Audio: 'fa-volume-up',
};

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Fetches the file with the access token, which a plain link would lack. */
function save(path: string, name: string, button: HTMLButtonElement): void {
  button.disabled = true;
  openBody(path)
    .then(async (response) => saveFile(await response.blob(), name))
    .catch((error: unknown) => {
      report(translate('chat.noFile', { error: (error as Error).message }));
    })
    .finally(() => {
      button.disabled = false;
    });
}

function card(type: string, title: string, detail: string): Node[] {
  return [
    element('i', { class: `fa ${cardIcons[type] ?? 'fa-file-o'} wechat-file-icon`, 'aria-hidden': 'true' }),
    element(
      'span',
      { class: 'wechat-file-words' },
      element('span', { class: 'wechat-file-name' }, title),
      element('span', { class: 'wechat-file-detail' }, detail),
    ),
  ];
}

function fileButton(message: WorldMessage, path: string): HTMLElement {
  const { type, text, file } = message;
  const name = file?.name ?? text;
  const button = element(
    'button',
    { type: 'button', class: 'wechat-file', 'aria-label': translate('chat.saveFile', { name }) },
    ...card(type, name, file ? sizeOf(file.size) : translate(`type.${type}`)),
  );
  button.addEventListener('click', () => save(path, name, button));
  return button;
}

function pictureOf(message: WorldMessage, path: string): HTMLElement {
  const name = message.file?.name ?? message.text;
  const button = element('button', {
    type: 'button',
    class: 'wechat-picture',
    'aria-label': translate('chat.saveFile', { name }),
    title: name,
  });
  button.addEventListener('click', () => save(path, name, button));
  loadPicture(path).then(
    (url) => {
      if (url === undefined) {
        button.replaceWith(fileButton(message, path));
        return;
      }
      const image = element('img', { src: url, alt: name });
      for (const event of ['load', 'error']) image.addEventListener(event, () => URL.revokeObjectURL(url));
      // Not every file that calls itself a picture is one.
      image.addEventListener('error', () => button.replaceWith(fileButton(message, path)));
      button.append(image);
    },
    () => button.replaceWith(fileButton(message, path)),
  );
  return button;
}

function contentOf(message: WorldMessage, path: string): HTMLElement {
  const { type, text } = message;
  if (type === 'Image' || type === 'Emoticon') return pictureOf(message, path);
  if (type === 'Attachment' || type === 'Video' || type === 'Audio') return fileButton(message, path);
  if (type === 'Text') return element('div', { class: 'wechat-bubble' }, text);
  return element('div', { class: 'wechat-file' }, ...card(type, text, translate(`type.${type}`)));
}

/** The time above a message that follows a silence, or nothing. */
function heading(message: WorldMessage, previous: WorldMessage | undefined): Node[] {
  if (previous && message.timestamp - previous.timestamp < pause) return [];
  return [element('div', { class: 'wechat-silence' }, shortTime(message.timestamp))];
}

/** Makes what stands for a message. */
export function bubble(
  message: WorldMessage,
  previous: WorldMessage | undefined,
  { name, mine, inRoom, file, recall }: BubbleOptions,
): HTMLElement {
  const row = element('div', { class: 'wechat-message', 'data-side': mine ? 'right' : 'left' });
  row.dataset.message = message.id;
  if (message.self) row.classList.add('wechat-by-bot');
  row.append(...heading(message, previous));
  if (message.recalled) {
    row.append(element('div', { class: 'wechat-notice' }, translate('chat.recalled', { name })));
    return row;
  }
  const time = element(
    'time',
    {
      class: 'wechat-time',
      datetime: new Date(message.timestamp).toISOString(),
      title: fullTime(message.timestamp),
    },
    shortTime(message.timestamp),
  );
  const foot = element('div', { class: 'wechat-foot' }, time);
  if (recall) {
    const button = element('button', { type: 'button', class: 'wechat-recall' }, translate('chat.recall'));
    button.addEventListener('click', recall);
    foot.append(button);
  }
  const talker = element('div', { class: inRoom ? 'wechat-talker' : 'wechat-talker wechat-unseen' }, name);
  row.append(
    element(
      'div',
      { class: 'wechat-line' },
      avatar({ id: message.from, name }),
      element('div', { class: 'wechat-column' }, talker, contentOf(message, file), foot),
    ),
  );
  return row;
}
