/** Previews the filters of a form on the recent messages of the bot, before they are deployed. */
import { fetchBots, fetchPreview } from '../api/admin-client.editor';
import type { PreviewMessage } from '../../admin/api-types';
import type { Translator } from '../ui/translate.editor';
import { element } from '../ui/dom.editor';
import { selectedBot } from './name-field.editor';

/** Time without a change after which the preview is refreshed, in ms. */
const debounceMs = 300;

/** Options of the preview. */
export interface FilterPreviewOptions {
  readonly container: HTMLElement;
  readonly node: Translator;
  /** The current filters of the form. */
  readonly filter: () => object;
}

function createRow(
  { matches, from, room, type, text, timestamp }: PreviewMessage,
  node: Translator,
): HTMLElement {
  const sender = from ? from.alias || from.name || from.id : '';
  const roomName = room ? room.topic || room.id : '';
  const shownText = type === 'Text' ? text : node._(`messageType.${type}`);
  return element(
    'li',
    { class: 'wechat-tried', 'data-matches': String(matches) },
    element(
      'span',
      { class: 'wechat-tried-mark' },
      element('i', { class: `fa ${matches ? 'fa-check' : 'fa-ban'}`, 'aria-hidden': 'true' }),
      element('span', { class: 'wechat-unseen' }, node._(matches ? 'preview.passes' : 'preview.stays')),
    ),
    element('span', { class: 'wechat-tried-who' }, roomName === '' ? sender : `${sender} · ${roomName}`),
    element('span', { class: 'wechat-tried-text' }, shownText),
    element('time', {}, new Date(timestamp).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })),
  );
}

/** @throws RequestError */
async function isDeployed(bot: string): Promise<boolean> {
  return (await fetchBots()).some(({ id }) => id === bot);
}

/** Adds a button that opens the preview; `refresh` is to be called after every change of the form. */
export function mountFilterPreview({ container, node, filter }: FilterPreviewOptions): {
  refresh: () => void;
} {
  const button = element(
    'button',
    { type: 'button', class: 'red-ui-button', id: 'wechat-preview-try' },
    element('i', { class: 'fa fa-flask', 'aria-hidden': 'true' }),
    ` ${node._('preview.try')}`,
  );
  const status = element('div', { id: 'wechat-preview-status', role: 'status' });
  const list = element('ul', {
    id: 'wechat-preview-list',
    tabindex: 0,
    'aria-label': node._('preview.list'),
  });
  container.replaceChildren(button, status, list);
  let timer: number | undefined;
  let requestCount = 0;
  let isOpen = false;

  const show = (messages: readonly PreviewMessage[]): void => {
    const passing = messages.filter(({ matches }) => matches).length;
    status.textContent =
      messages.length === 0
        ? node._('preview.none')
        : node._('preview.count', { passing: String(passing), all: String(messages.length) });
    list.replaceChildren(...[...messages].reverse().map((message) => createRow(message, node)));
  };

  const run = async (): Promise<void> => {
    requestCount += 1;
    const current = requestCount;
    const bot = selectedBot();
    let render: () => void;
    try {
      if (!(await isDeployed(bot))) throw new Error(node._('preview.notDeployed'));
      const { messages } = await fetchPreview(bot, filter());
      render = () => {
        show(messages);
      };
    } catch (error) {
      render = () => {
        status.textContent = (error as Error).message;
        list.replaceChildren();
      };
    }
    if (current === requestCount) render();
  };

  button.addEventListener('click', () => {
    isOpen = true;
    void run();
  });
  return {
    refresh: () => {
      window.clearTimeout(timer);
      if (!isOpen) return;
      timer = window.setTimeout(() => {
        if (container.isConnected) void run();
      }, debounceMs);
    },
  };
}
