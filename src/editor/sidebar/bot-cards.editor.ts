/** Keeps cards of bots up to date for as long as someone can see them. */
import { type BotLogin, type BotSummary, fetchBots, fetchLogin, maySteer } from '../api/admin-client.editor';
import { type BotCard, botCard, type Translate } from './bot-card.editor';
import { element } from '../ui/dom.editor';
import { listenLive } from '../api/event-stream-client.editor';
import { whileSeen } from '../ui/while-visible.editor';

/** Time between two looks at a login under way, in ms: codes change and phones scan without the bot's state changing. */
const loginInterval = 1500;

/** What to watch. */
export interface BotWatch {
  /** Filled with the cards. */
  readonly container: HTMLElement;
  /** Only this bot; without it all of them. */
  readonly id?: string;
  readonly translate: Translate;
}

async function withQrCode(bot: BotSummary): Promise<BotLogin> {
  return bot.state === 'scanning' && maySteer() ? await fetchLogin(bot.id) : bot;
}

/** Shows the bots and goes on showing them until the returned function is called. */
export function watchBots({ container, id, translate }: BotWatch): () => void {
  const cards = new Map<string, BotCard>();
  const notice = element('div', { class: 'wechat-empty', role: 'status' });
  const list = element('div', { class: 'wechat-cards' });
  container.replaceChildren(notice, list);
  let timer: number | undefined;
  let looks = 0;

  function tell(words: string): void {
    if (notice.textContent !== words) notice.textContent = words;
  }

  function show(bots: readonly BotLogin[]): void {
    const none = id === undefined ? 'login.none' : 'login.notDeployed';
    if (bots.length === 0) tell(translate(none));
    else tell(maySteer() ? '' : translate('login.mayNot'));
    const present = new Set(bots.map((bot) => bot.id));
    for (const [gone, card] of cards) {
      if (present.has(gone)) continue;
      card.root.remove();
      cards.delete(gone);
    }
    for (const bot of bots) {
      let card = cards.get(bot.id);
      if (!card) {
        card = botCard(bot.id, translate, look);
        cards.set(bot.id, card);
        list.append(card.root);
      }
      card.update(bot);
    }
  }

  /** @param heard what the stream told; without it the runtime is asked */
  async function refresh(heard?: readonly BotSummary[]): Promise<void> {
    looks += 1;
    const current = looks;
    window.clearTimeout(timer);
    let told: () => void;
    let login = false;
    try {
      const bots = (heard ?? (await fetchBots())).filter((bot) => id === undefined || bot.id === id);
      const logins = await Promise.all(bots.map(withQrCode));
      login = logins.some(({ state }) => state === 'scanning');
      told = () => {
        show(logins);
      };
    } catch (error) {
      told = () => {
        tell(translate('login.unreachable', { error: (error as Error).message }));
      };
    }
    // A later look, begun after a button was pressed, knows better.
    if (current !== looks) return;
    told();
    if (login) timer = window.setTimeout(look, loginInterval);
  }

  function look(): void {
    void refresh();
  }

  return whileSeen(container, () => {
    const unlisten = listenLive({
      catchUp: look,
      bots: (bots) => {
        void refresh(bots);
      },
    });
    return () => {
      unlisten();
      window.clearTimeout(timer);
      looks += 1;
    };
  });
}
