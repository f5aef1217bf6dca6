/** Which bot a section is about. */
import type { BotSummary } from '../api/admin-client.editor';
import { element } from '../ui/dom.editor';

/** A list of bots with one chosen. */
export interface BotChoice {
  readonly root: HTMLElement;
  /** The chosen bot's id; undefined when there is none to choose. */
  chosen(): string | undefined;
  /** Offers these bots; the one chosen last stays chosen whenever it is among them. */
  offer(bots: readonly BotSummary[]): void;
}

/** Makes the list; `changed` is told when another bot is chosen, by hand or because the former is gone. */
export function botChoice(label: string, changed: () => void): BotChoice {
  const select = element('select', { class: 'wechat-bot-choice', 'aria-label': label });
  let offered = '';
  let chosen: string | undefined;
  /** The bot to go back to after a deploy, during which there is none. */
  let wanted: string | undefined;

  function settle(): void {
    const now = select.value === '' ? undefined : select.value;
    if (now === chosen) return;
    chosen = now;
    wanted = now ?? wanted;
    changed();
  }

  select.addEventListener('change', settle);
  return {
    root: select,
    chosen: () => chosen,
    offer(bots) {
      const key = JSON.stringify(bots.map(({ id, name }) => [id, name]));
      if (key !== offered) {
        offered = key;
        select.replaceChildren(...bots.map(({ id, name }) => element('option', { value: id }, name)));
        if (wanted !== undefined && bots.some(({ id }) => id === wanted)) select.value = wanted;
      }
      select.hidden = bots.length === 0;
      settle();
    },
  };
}
