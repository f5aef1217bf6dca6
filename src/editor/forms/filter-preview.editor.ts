/** Tries the filters of a form on the last messages of the bot, before they are deployed. */
import { fetchBots, type TriedMessage, tryFilter } from '../api/admin-client.editor';
import type { Translator } from '../ui/translate';
import { element } from '../ui/dom.editor';
import { chosenBot } from './name-field.editor';

/** Time without a change after which the filters are tried anew, in ms. */
const changePause = 300;

/** What is tried, and where it is shown. */
export interface FilterPreview {
  readonly container: HTMLElement;
  readonly node: Translator;
  /** The filters as the form holds them now. */
  readonly filter: () => object;
}

function row({ matches, from, room, type, text, timestamp }: TriedMessage, node: Translator): HTMLElement {
  const who = from ? from.alias || from.name || from.id : '';
  const where = room ? room.topic || room.id : '';
  const said = type === 'Text' ? text : node._(`messageType.${type}`);
  return element(
    'li',
    { class: 'wechat-tried', 'data-matches': String(matches) },
    element(
      'span',
      { class: 'wechat-tried-mark' },
      element('i', { class: `fa ${matches ? 'fa-check' : 'fa-ban'}`, 'aria-hidden': 'true' }),
      element('span', { class: 'wechat-unseen' }, node._(matches ? 'preview.passes' : 'preview.stays')),
    ),
    element('span', { class: 'wechat-tried-who' }, where === '' ? who : `${who} · ${where}`),
    element('span', { class: 'wechat-tried-text' }, said),
    element('time', {}, new Date(timestamp).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })),
  );
}

/** @throws RequestError */
async function isDeployed(bot: string): Promise<boolean> {
  return (await fetchBots()).some(({ id }) => id === bot);
}

/** Puts a button into the container that tries the filters, and goes on trying them; call `again` after a change. */
export function previewFilter({ container, node, filter }: FilterPreview): { again: () => void } {
  const button = element(
    'button',
    { type: 'button', class: 'red-ui-button', id: 'wechat-preview-try' },
    element('i', { class: 'fa fa-flask', 'aria-hidden': 'true' }),
    ` ${node._('preview.try')}`,
  );
  const told = element('div', { id: 'wechat-preview-told', role: 'status' });
  const list = element('ul', {
    id: 'wechat-preview-list',
    tabindex: 0,
    'aria-label': node._('preview.list'),
  });
  container.replaceChildren(button, told, list);
  let timer: number | undefined;
  let tries = 0;
  let isOpen = false;

  const show = (messages: readonly TriedMessage[]): void => {
    const passing = messages.filter(({ matches }) => matches).length;
    told.textContent =
      messages.length === 0
        ? node._('preview.none')
        : node._('preview.count', { passing: String(passing), all: String(messages.length) });
    list.replaceChildren(...[...messages].reverse().map((message) => row(message, node)));
  };

  const attempt = async (): Promise<void> => {
    tries += 1;
    const current = tries;
    const bot = chosenBot();
    let tell: () => void;
    try {
      if (!(await isDeployed(bot))) throw new Error(node._('preview.notDeployed'));
      const { messages } = await tryFilter(bot, filter());
      tell = () => {
        show(messages);
      };
    } catch (error) {
      tell = () => {
        told.textContent = (error as Error).message;
        list.replaceChildren();
      };
    }
    if (current === tries) tell();
  };

  button.addEventListener('click', () => {
    isOpen = true;
    void attempt();
  });
  return {
    again: () => {
      window.clearTimeout(timer);
      if (!isOpen) return;
      timer = window.setTimeout(() => {
        if (container.isConnected) void attempt();
      }, changePause);
    },
  };
}
