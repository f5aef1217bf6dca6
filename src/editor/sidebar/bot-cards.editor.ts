/** The list of bot cards, kept up to date while it is visible. */
import type { BotLogin, BotSummary } from '../../admin/api-types';
import { fetchBots, fetchLogin, canControlBots } from '../api/admin-client.editor';
import { type BotCard, createBotCard } from './bot-card.editor';
import type { Translate } from '../ui/translate.editor';
import { element } from '../ui/dom.editor';
import { subscribeEvents } from '../api/event-stream-client.editor';
import { whileVisible } from '../ui/while-visible.editor';

/** Polling interval of a pending login, in ms: QR code and scan status change without a change of the bot's state. */
const loginPollMs = 1500;

/** Options of the list. */
export interface BotCardsOptions {
  /** The element that is filled with the cards. */
  readonly container: HTMLElement;
  /** Shows this bot only; default: all bots. */
  readonly id?: string;
  readonly translate: Translate;
}

async function withLogin(bot: BotSummary): Promise<BotLogin> {
  return bot.state === 'scanning' && canControlBots() ? await fetchLogin(bot.id) : bot;
}

/** Mounts the list. @returns unmounts it */
export function mountBotCards({ container, id, translate }: BotCardsOptions): () => void {
  const cards = new Map<string, BotCard>();
  const notice = element('div', { class: 'wechat-empty', role: 'status' });
  const list = element('div', { class: 'wechat-cards' });
  container.replaceChildren(notice, list);
  let timer: number | undefined;
  let requestCount = 0;

  function setNotice(text: string): void {
    if (notice.textContent !== text) notice.textContent = text;
  }

  function show(bots: readonly BotLogin[]): void {
    const none = id === undefined ? 'login.none' : 'login.notDeployed';
    if (bots.length === 0) setNotice(translate(none));
    else setNotice(canControlBots() ? '' : translate('login.mayNot'));
    const present = new Set(bots.map((bot) => bot.id));
    for (const [gone, card] of cards) {
      if (present.has(gone)) continue;
      card.root.remove();
      cards.delete(gone);
    }
    for (const bot of bots) {
      let card = cards.get(bot.id);
      if (!card) {
        card = createBotCard(bot.id, translate, refreshAll);
        cards.set(bot.id, card);
        list.append(card.root);
      }
      card.update(bot);
    }
  }

  /** @param received the bots sent by the event stream; default: they are fetched */
  async function refresh(received?: readonly BotSummary[]): Promise<void> {
    requestCount += 1;
    const current = requestCount;
    window.clearTimeout(timer);
    let render: () => void;
    let isScanning = false;
    try {
      const bots = (received ?? (await fetchBots())).filter((bot) => id === undefined || bot.id === id);
      const logins = await Promise.all(bots.map(withLogin));
      isScanning = logins.some(({ state }) => state === 'scanning');
      render = () => {
        show(logins);
      };
    } catch (error) {
      render = () => {
        setNotice(translate('login.unreachable', { error: (error as Error).message }));
      };
    }
    // A later request, started after an action, has newer data.
    if (current !== requestCount) return;
    render();
    if (isScanning) timer = window.setTimeout(refreshAll, loginPollMs);
  }

  function refreshAll(): void {
    void refresh();
  }

  return whileVisible(container, () => {
    const unsubscribe = subscribeEvents({
      resync: refreshAll,
      bots: (bots) => {
        void refresh(bots);
      },
    });
    return () => {
      unsubscribe();
      window.clearTimeout(timer);
      requestCount += 1;
    };
  });
}
