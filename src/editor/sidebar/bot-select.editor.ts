/** The select box for the bot of a section. */
import type { BotSummary } from '../../admin/api-types';
import { element } from '../ui/dom.editor';

/** A select box of bots. */
export interface BotSelect {
  readonly root: HTMLElement;
  /** The selected bot's id; undefined when there are no bots. */
  selected(): string | undefined;
  /** Sets the bots; the last selected one stays selected whenever it is among them. */
  setBots(bots: readonly BotSummary[]): void;
}

/**
 * Creates the select box.
 * @param onChange called when another bot is selected, by the user or because the former is gone
 */
export function createBotSelect(label: string, onChange: () => void): BotSelect {
  const select = element('select', { class: 'wechat-bot-choice', 'aria-label': label });
  let shownKey = '';
  let current: string | undefined;
  /** The bot to select again after a deploy, during which there are none. */
  let preferred: string | undefined;

  function update(): void {
    const value = select.value === '' ? undefined : select.value;
    if (value === current) return;
    current = value;
    preferred = value ?? preferred;
    onChange();
  }

  select.addEventListener('change', update);
  return {
    root: select,
    selected: () => current,
    setBots(bots) {
      const key = JSON.stringify(bots.map(({ id, name }) => [id, name]));
      if (key !== shownKey) {
        shownKey = key;
        select.replaceChildren(...bots.map(({ id, name }) => element('option', { value: id }, name)));
        if (preferred !== undefined && bots.some(({ id }) => id === preferred)) select.value = preferred;
      }
      select.hidden = bots.length === 0;
      update();
    },
  };
}
