/** The simulator's messenger: the people of a simulated WeChat, and the bot among them, as the flow makes it answer. */
import { act, type BotSummary, fetchBots } from '../../api/admin-client.editor';
import { element } from '../../ui/dom.editor';
import { listenLive } from '../../api/event-stream-client.editor';
import { whileSeen } from '../../ui/while-visible.editor';
import { botChoice } from '../bot-choice.editor';
import { translate } from '../translate.editor';
import { makeChat } from './chat.editor';
import { conversationList } from './conversation-list.editor';
import { Conversations } from './conversations.editor';
import { People } from './contact-index.editor';
import { makePhone } from './simulator-controls.editor';
import { readNewer, readOlder } from './history-loader.editor';
import { Thread } from './message-history.editor';
import { fetchWorld, letHappen } from '../../api/simulator-client.editor';
import type { Happenings, LastSaid, WorldMessage, WorldView } from '../../api/simulator-api.editor';

/** A world with thousands of people is not asked for more often than that, in ms. */
const worldPause = 700;
/** When many talk at once, what they say is shown together, so often, in ms. */
const showEvery = 100;

/** Everything the messenger knows of one bot's world. */
interface Knowledge {
  readonly bot: string;
  readonly conversations: Conversations;
  readonly threads: Map<string, Thread>;
  world: WorldView | undefined;
  people: People | undefined;
  open: string | undefined;
  /** The conversation to open again, once the people are known. */
  reopen: string | undefined;
}

function nothingYet(bot: string, reopen: string | undefined): Knowledge {
  return {
    bot,
    conversations: new Conversations(),
    threads: new Map(),
    world: undefined,
    people: undefined,
    open: undefined,
    reopen,
  };
}

/** How the list of conversations says what was said last. */
function wordsOf(people: People | undefined): (last: LastSaid) => string {
  return ({ from, type, text }) =>
    type === 'Recalled' ? translate('chat.recalled', { name: people?.nameOf(from) ?? from }) : text;
}

/** Makes the messenger. */
export function makeMessenger(): HTMLElement {
  let known: Knowledge | undefined;
  let bots: readonly BotSummary[] = [];
  /** The conversation last open with each bot. */
  const lastOpen = new Map<string, string>();
  let heard: WorldMessage[] = [];
  let showTimer: number | undefined;
  let shownAt = 0;
  let worldTimer: number | undefined;
  let worldAsked = 0;

  const choice = botChoice(translate('messenger.bot'), () => turnTo(choice.chosen()));
  const notice = element('div', { class: 'wechat-empty', role: 'status' });
  const banner = element('div', { class: 'wechat-banner', role: 'status', hidden: true });
  const phoneButton = element(
    'button',
    {
      type: 'button',
      class: 'red-ui-button red-ui-button-small wechat-phone-button',
      'aria-expanded': 'false',
      'aria-controls': 'wechat-phone',
    },
    element('i', { class: 'fa fa-mobile', 'aria-hidden': 'true' }),
    ` ${translate('phone.label')}`,
  );

  const happen = async <Name extends keyof Happenings>(name: Name, what: Happenings[Name]): Promise<void> => {
    const now = known;
    if (!now) return;
    await letHappen(now.bot, name, what);
    if (now !== known) return;
    // Without a stream nobody else tells what came of it.
    if (name === 'say' || name === 'recall') readOn(now);
    else refreshWorld();
  };
  const phone = makePhone(happen);
  const list = conversationList((id) => {
    openChat(id);
    chat.focus();
  });
  const chat = makeChat({
    letHappen: happen,
    older: () => {
      const now = known;
      const thread = openThread(now);
      if (!now || !thread || now.open === undefined) return;
      void readOlder(now.bot, now.open, thread).then((change) => {
        if (change && openThread(known) === thread) chat.update(change);
      });
    },
    back: () => {
      root.classList.remove('wechat-in-chat');
      list.focus();
    },
  });
  const placeholder = element(
    'div',
    { class: 'wechat-placeholder' },
    element('i', { class: 'fa fa-comments-o', 'aria-hidden': 'true' }),
    element('p', {}, translate('messenger.pick')),
  );
  const main = element('div', { class: 'wechat-main' }, list.root, chat.root, placeholder);
  const root = element(
    'div',
    { class: 'wechat-messenger' },
    element('div', { class: 'wechat-toolbar' }, choice.root, phoneButton),
    notice,
    banner,
    phone.root,
    main,
  );

  function openThread(now: Knowledge | undefined): Thread | undefined {
    return now?.open === undefined ? undefined : now.threads.get(now.open);
  }

  function stateOf(bot: string | undefined): string | undefined {
    return bots.find(({ id }) => id === bot)?.state;
  }

  function say(words: string): void {
    if (notice.textContent !== words) notice.textContent = words;
    main.hidden = words !== '';
    phoneButton.hidden = words !== '';
  }

  function turnTo(bot: string | undefined): void {
    if (known?.open !== undefined) lastOpen.set(known.bot, known.open);
    known = bot === undefined ? undefined : nothingYet(bot, lastOpen.get(bot));
    heard = [];
    root.classList.remove('wechat-in-chat', 'wechat-has-chat');
    if (known) refreshWorld();
  }

  function showList(): void {
    if (!known) return;
    if (known.open !== undefined && isChatSeen()) known.conversations.see(known.open);
    list.show(known.conversations.rows(), known.open);
  }

  /** In a narrow sidebar the list may lie over the open chat. */
  function isChatSeen(): boolean {
    return chat.root.offsetParent !== null;
  }

  function showBanner(): void {
    const bot = bots.find(({ id }) => id === known?.bot);
    banner.replaceChildren();
    const offer = (words: string, label: string, press: () => Promise<unknown>): void => {
      const button = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, label);
      button.addEventListener('click', () => {
        button.disabled = true;
        press().then(refreshWorld, (error: unknown) => {
          banner.replaceChildren(element('span', {}, (error as Error).message));
        });
      });
      banner.append(element('span', {}, words), button);
    };
    const faults = known?.world?.faults;
    if (bot?.state === 'stopped' || bot?.state === 'failed') {
      offer(bot.reason, translate('login.start'), () => act(bot.id, 'start'));
    } else if (known?.world?.login.scanned) {
      offer(translate('login.scanned'), translate('phone.confirm'), () => happen('scan', {}));
    } else if (known?.world?.login.waiting) {
      offer(translate('messenger.waiting'), translate('phone.scan'), () =>
        happen('scan', { confirm: false }),
      );
    } else if (faults && (faults.offline || faults.sendsFail || faults.slow > 0)) {
      offer(translate('messenger.faulty'), translate('messenger.mend'), () =>
        happen('faults', { offline: false, sendsFail: false, slow: 0 }),
      );
    }
    banner.hidden = banner.childElementCount === 0;
  }

  /** A world that has less than was seen of it began anew. */
  function hasBegunAnew(now: Knowledge, world: WorldView): boolean {
    const before = now.world?.conversations ?? [];
    const counts = new Map(world.conversations.map(({ id, count }) => [id, count]));
    return before.some(({ id, count }) => count > 0 && (counts.get(id) ?? 0) === 0);
  }

  /** Forgets what was said, for it is gone there too, and keeps the place of whoever looks. */
  function beginAnew(now: Knowledge): Knowledge {
    known = nothingYet(now.bot, now.open);
    heard = [];
    return known;
  }

  function isThere({ contacts, rooms }: WorldView, id: string): boolean {
    return contacts.some((one) => one.id === id) || rooms.some((one) => one.id === id);
  }

  function takeWorld(now: Knowledge, world: WorldView): void {
    if (hasBegunAnew(now, world)) {
      takeWorld(beginAnew(now), world);
      return;
    }
    now.world = world;
    now.people = new People(world);
    now.conversations.take(world, wordsOf(now.people));
    say('');
    phone.show(world);
    if (now.open !== undefined) chat.refresh(now.people);
    else if (now.reopen !== undefined && isThere(world, now.reopen)) openChat(now.reopen);
    now.reopen = undefined;
    showList();
    showBanner();
  }

  /** There is no world to show now; what was seen of one before stays in sight. */
  function missWorld(now: Knowledge, why: string): void {
    if (!now.world) say(why);
    showBanner();
  }

  /** Asks for the world, soon; how often it is asked meanwhile does not matter. */
  function refreshWorld(): void {
    if (worldTimer !== undefined) return;
    const wait = Math.max(0, worldAsked + worldPause - Date.now());
    worldTimer = window.setTimeout(() => {
      worldTimer = undefined;
      worldAsked = Date.now();
      const now = known;
      if (!now) return;
      // In a deploy a bot that has stopped is gone at once, and its world has nothing new to tell.
      if (now.world && stateOf(now.bot) === 'stopped') return;
      fetchWorld(now.bot).then(
        (world) => {
          if (now !== known) return;
          if (world) takeWorld(now, world);
          else missWorld(now, translate('messenger.notStarted'));
        },
        (error: unknown) => {
          if (now === known) missWorld(now, (error as Error).message);
        },
      );
    }, wait);
  }

  function readOn(now: Knowledge): void {
    const thread = openThread(now);
    if (!thread || now.open === undefined) return;
    void readNewer(now.bot, now.open, thread, (change) => {
      if (openThread(known) === thread) chat.update(change);
    });
  }

  function openChat(id: string): void {
    const now = known;
    if (!now?.people) return;
    const thread = now.threads.get(id) ?? new Thread();
    now.threads.set(id, thread);
    now.open = id;
    root.classList.add('wechat-in-chat', 'wechat-has-chat');
    chat.open({ bot: now.bot, id, thread }, now.people);
    readOn(now);
    showList();
  }

  function takeBots(now: readonly BotSummary[]): void {
    bots = now;
    const simulated = now.filter(({ puppet }) => puppet === 'simulator');
    choice.offer(simulated);
    if (simulated.length === 0) say(translate(now.length === 0 ? 'login.none' : 'messenger.noSimulator'));
    showBanner();
  }

  /** Takes in what was heard since the last time, all at once. */
  function flush(): void {
    showTimer = undefined;
    shownAt = Date.now();
    const now = known;
    const messages = heard;
    heard = [];
    if (!now) return;
    for (const message of messages) now.conversations.hear(message, wordsOf(now.people)(message));
    const thread = openThread(now);
    const here = messages.filter(({ conversation }) => conversation === now.open);
    if (thread && here.length > 0) chat.update(thread.add(here));
    showList();
  }

  phoneButton.addEventListener('click', () => {
    const open = phoneButton.getAttribute('aria-expanded') !== 'true';
    phone.open(open);
    phoneButton.setAttribute('aria-expanded', String(open));
  });

  whileSeen(root, () => {
    const unlisten = listenLive({
      catchUp(restarted) {
        if (known && restarted) beginAnew(known);
        else if (known) readOn(known);
        fetchBots().then(
          (now) => {
            takeBots(now);
            refreshWorld();
          },
          (error: unknown) => {
            if (!known?.world) say(translate('login.unreachable', { error: (error as Error).message }));
          },
        );
      },
      bots(now) {
        const before = stateOf(known?.bot);
        takeBots(now);
        // A bot that only talks changes nothing in the world but what is heard anyway.
        if (stateOf(known?.bot) !== before) refreshWorld();
      },
      message({ bot, message }) {
        if (bot !== known?.bot) return;
        heard.push(message as WorldMessage);
        showTimer ??= window.setTimeout(flush, Math.max(0, shownAt + showEvery - Date.now()));
      },
      activity({ bot, entry }) {
        // People and rooms change with everything but talk.
        if (bot === known?.bot && entry.name !== 'message' && entry.kind === 'event') refreshWorld();
      },
    });
    return () => {
      unlisten();
      window.clearTimeout(worldTimer);
      worldTimer = undefined;
      window.clearTimeout(showTimer);
      showTimer = undefined;
      heard = [];
    };
  });
  return root;
}
