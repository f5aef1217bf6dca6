/** Keeps cards of bots up to date for as long as someone can see them. */
import { type BotLogin, type BotSummary, fetchBots, fetchLogin, maySteer } from './admin.editor';
import { type BotCard, botCard, type Translate } from './bot-card.editor';
import { element } from './dom.editor';

/** Time between two looks at the runtime, in ms: short enough for a QR code that changes, and for impatience. */
const interval = 2000;

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
  const list = element('div');
  container.replaceChildren(notice, list);
  let timer: number | undefined;
  let stopped = false;
  let looks = 0;

  function show(bots: readonly BotLogin[]): void {
    const none = id === undefined ? 'login.none' : 'login.notDeployed';
    if (bots.length === 0) notice.textContent = translate(none);
    else notice.textContent = maySteer() ? '' : translate('login.mayNot');
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

  async function refresh(): Promise<void> {
    looks += 1;
    const current = looks;
    let told: () => void;
    try {
      const bots = (await fetchBots()).filter((bot) => id === undefined || bot.id === id);
      const logins = await Promise.all(bots.map(withQrCode));
      told = () => {
        show(logins);
      };
    } catch (error) {
      told = () => {
        notice.textContent = translate('login.unreachable', { error: (error as Error).message });
      };
    }
    // A later look, begun after a button was pressed, knows better.
    if (current === looks && !stopped) told();
  }

  function look(): void {
    window.clearTimeout(timer);
    // An element in a hidden tab has no place on the page.
    const seen = container.offsetParent !== null && !document.hidden;
    void (seen ? refresh() : Promise.resolve()).finally(() => {
      window.clearTimeout(timer);
      if (!stopped) timer = window.setTimeout(look, interval);
    });
  }

  look();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
  };
}
