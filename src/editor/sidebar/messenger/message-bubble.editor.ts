/** A message bubble. Its content is never parsed as HTML. */
import { createAvatar, imageUrl } from '../../ui/avatar.editor';
import { fetchFile } from '../../api/admin-client.editor';
import { fullTime, shortTime } from '../../ui/time-format.editor';
import { element } from '../../ui/dom.editor';
import { saveFile } from '../../ui/save-file.editor';
import { notifyError } from '../../ui/notify-error.editor';
import { translate } from '../translate.editor';
import type { SimulatorMessage } from '../../../admin/api-types';

/** Options of a bubble. */
export interface BubbleOptions {
  /** The talker's name. */
  readonly name: string;
  /** Shown on the right, as a message of the selected speaker. */
  readonly isOwn: boolean;
  /** Whether the talker's name is visible, as in a room. */
  readonly showName: boolean;
  /** Path of its file, relative to the admin root. */
  readonly filePath: string;
  /** Recalls it; undefined where that is not possible. */
  readonly onRecall?: () => void;
}

/** A message that follows a longer gap gets the time as a heading, in ms. */
const headingGapMs = 5 * 60_000;

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

function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Downloads a file with the access token, which a plain link would lack. */
function download(path: string, name: string, button: HTMLButtonElement): void {
  button.disabled = true;
  fetchFile(path)
    .then((blob) => saveFile(blob, name))
    .catch((error: unknown) => {
      notifyError(translate('chat.noFile', { error: (error as Error).message }));
    })
    .finally(() => {
      button.disabled = false;
    });
}

function cardParts(type: string, title: string, detail: string): Node[] {
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

function createFileButton(message: SimulatorMessage, path: string): HTMLElement {
  const { type, text, file } = message;
  const name = file?.name ?? text;
  const button = element(
    'button',
    { type: 'button', class: 'wechat-file', 'aria-label': translate('chat.saveFile', { name }) },
    ...cardParts(type, name, file ? formatSize(file.size) : translate(`type.${type}`)),
  );
  button.addEventListener('click', () => download(path, name, button));
  return button;
}

function createImageButton(message: SimulatorMessage, path: string): HTMLElement {
  const name = message.file?.name ?? message.text;
  const button = element('button', {
    type: 'button',
    class: 'wechat-picture',
    'aria-label': translate('chat.saveFile', { name }),
    title: name,
  });
  button.addEventListener('click', () => download(path, name, button));
  fetchFile(path).then(
    (blob) => {
      const url = imageUrl(blob);
      if (url === undefined) {
        button.replaceWith(createFileButton(message, path));
        return;
      }
      const image = element('img', { src: url, alt: name });
      for (const event of ['load', 'error']) image.addEventListener(event, () => URL.revokeObjectURL(url));
      // Not every file with an image type is an image.
      image.addEventListener('error', () => button.replaceWith(createFileButton(message, path)));
      button.append(image);
    },
    () => button.replaceWith(createFileButton(message, path)),
  );
  return button;
}

function createContent(message: SimulatorMessage, path: string): HTMLElement {
  const { type, text } = message;
  if (type === 'Image' || type === 'Emoticon') return createImageButton(message, path);
  if (type === 'Attachment' || type === 'Video' || type === 'Audio') return createFileButton(message, path);
  if (type === 'Text') return element('div', { class: 'wechat-bubble' }, text);
  return element('div', { class: 'wechat-file' }, ...cardParts(type, text, translate(`type.${type}`)));
}

/** The time above a message that follows a gap, or nothing. */
function createHeading(message: SimulatorMessage, previous: SimulatorMessage | undefined): Node[] {
  if (previous && message.timestamp - previous.timestamp < headingGapMs) return [];
  return [element('div', { class: 'wechat-silence' }, shortTime(message.timestamp))];
}

/** Creates the bubble of a message. */
export function createBubble(
  message: SimulatorMessage,
  previous: SimulatorMessage | undefined,
  { name, isOwn, showName, filePath, onRecall }: BubbleOptions,
): HTMLElement {
  const row = element('div', { class: 'wechat-message', 'data-side': isOwn ? 'right' : 'left' });
  row.dataset.message = message.id;
  if (message.self) row.classList.add('wechat-by-bot');
  row.append(...createHeading(message, previous));
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
  if (onRecall) {
    const button = element('button', { type: 'button', class: 'wechat-recall' }, translate('chat.recall'));
    button.addEventListener('click', onRecall);
    foot.append(button);
  }
  const talker = element('div', { class: showName ? 'wechat-talker' : 'wechat-talker wechat-unseen' }, name);
  row.append(
    element(
      'div',
      { class: 'wechat-line' },
      createAvatar({ id: message.from, name }),
      element('div', { class: 'wechat-column' }, talker, createContent(message, filePath), foot),
    ),
  );
  return row;
}
