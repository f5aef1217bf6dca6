/** The messenger section: conversations between the contacts of a simulated WeChat and the bot. */
import { runBotAction, fetchBots } from '../../api/admin-client.editor';
import type { BotSummary } from '../../../admin/api-types';
import { element } from '../../ui/dom.editor';
import { subscribeEvents } from '../../api/event-stream-client.editor';
import { whileVisible } from '../../ui/while-visible.editor';
import { createBotSelect } from '../bot-select.editor';
import { translate } from '../translate.editor';
import { createChat } from './chat.editor';
import { createConversationList } from './conversation-list.editor';
import { Conversations } from './conversations.editor';
import { ContactIndex } from './contact-index.editor';
import { createSimulatorControls } from './simulator-controls.editor';
import { loadNewer, loadOlder } from './history-loader.editor';
import { MessageHistory } from './message-history.editor';
import { fetchSimulation, performAction } from '../../api/simulator-client.editor';
import type { SimulatorActions, LastMessage, SimulatorMessage } from '../../../admin/api-types';
import type { Simulation } from '../../api/simulation';

/** Minimum interval between two requests for a simulation, which may be large, in ms. */
const refreshIntervalMs = 700;
/** Messages are rendered in batches, at this interval in ms. */
const renderIntervalMs = 100;

/** The state of the messenger for one bot. */
interface MessengerState {
  readonly bot: string;
  readonly conversations: Conversations;
  readonly histories: Map<string, MessageHistory>;
  simulation: Simulation | undefined;
  contacts: ContactIndex | undefined;
  open: string | undefined;
  /** The conversation to open again once the contacts are loaded. */
  reopen: string | undefined;
}

function emptyState(bot: string, reopen: string | undefined): MessengerState {
  return {
    bot,
    conversations: new Conversations(),
    histories: new Map(),
    simulation: undefined,
    contacts: undefined,
    open: undefined,
    reopen,
  };
}

/** Formats the last message of a conversation. */
function textOf(contacts: ContactIndex | undefined): (last: LastMessage) => string {
  return ({ from, type, text }) =>
    type === 'Recalled' ? translate('chat.recalled', { name: contacts?.nameOf(from) ?? from }) : text;
}

/** Creates the section. */
export function createMessenger(): HTMLElement {
  let state: MessengerState | undefined;
  let bots: readonly BotSummary[] = [];
  /** The last open conversation by bot. */
  const lastOpen = new Map<string, string>();
  let received: SimulatorMessage[] = [];
  let renderTimer: number | undefined;
  let renderedAt = 0;
  let refreshTimer: number | undefined;
  let refreshedAt = 0;

  const botSelect = createBotSelect(translate('messenger.bot'), () => selectBot(botSelect.selected()));
  const notice = element('div', { class: 'wechat-empty', role: 'status' });
  const banner = element('div', { class: 'wechat-banner', role: 'status', hidden: true });
  const controlsButton = element(
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

  const perform = async <Name extends keyof SimulatorActions>(
    name: Name,
    params: SimulatorActions[Name],
  ): Promise<void> => {
    const current = state;
    if (!current) return;
    await performAction(current.bot, name, params);
    if (current !== state) return;
    // Without a stream there is no event for the result.
    if (name === 'say' || name === 'recall') loadNewMessages(current);
    else scheduleRefresh();
  };
  const controls = createSimulatorControls(perform);
  const list = createConversationList((id) => {
    openChat(id);
    chat.focus();
  });
  const chat = createChat({
    performAction: perform,
    onLoadOlder: () => {
      const current = state;
      const history = openHistory(current);
      if (!current || !history || current.open === undefined) return;
      void loadOlder(current.bot, current.open, history).then((change) => {
        if (change && openHistory(state) === history) chat.update(change);
      });
    },
    onBack: () => {
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
    element('div', { class: 'wechat-toolbar' }, botSelect.root, controlsButton),
    notice,
    banner,
    controls.root,
    main,
  );

  function openHistory(current: MessengerState | undefined): MessageHistory | undefined {
    return current?.open === undefined ? undefined : current.histories.get(current.open);
  }

  function stateOf(bot: string | undefined): string | undefined {
    return bots.find(({ id }) => id === bot)?.state;
  }

  function setNotice(text: string): void {
    if (notice.textContent !== text) notice.textContent = text;
    main.hidden = text !== '';
    controlsButton.hidden = text !== '';
  }

  function selectBot(bot: string | undefined): void {
    if (state?.open !== undefined) lastOpen.set(state.bot, state.open);
    state = bot === undefined ? undefined : emptyState(bot, lastOpen.get(bot));
    received = [];
    root.classList.remove('wechat-in-chat', 'wechat-has-chat');
    if (state) scheduleRefresh();
  }

  function showList(): void {
    if (!state) return;
    if (state.open !== undefined && isChatVisible()) state.conversations.markRead(state.open);
    list.show(state.conversations.rows(), state.open);
  }

  /** In a narrow sidebar the list covers the open chat. */
  function isChatVisible(): boolean {
    return chat.root.offsetParent !== null;
  }

  function showBanner(): void {
    const bot = bots.find(({ id }) => id === state?.bot);
    banner.replaceChildren();
    const offer = (text: string, label: string, onClick: () => Promise<unknown>): void => {
      const button = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, label);
      button.addEventListener('click', () => {
        button.disabled = true;
        onClick().then(scheduleRefresh, (error: unknown) => {
          banner.replaceChildren(element('span', {}, (error as Error).message));
        });
      });
      banner.append(element('span', {}, text), button);
    };
    const faults = state?.simulation?.faults;
    if (bot?.state === 'stopped' || bot?.state === 'failed') {
      offer(bot.reason, translate('login.start'), () => runBotAction(bot.id, 'start'));
    } else if (state?.simulation?.login.scanned) {
      offer(translate('login.scanned'), translate('phone.confirm'), () => perform('scan', {}));
    } else if (state?.simulation?.login.waiting) {
      offer(translate('messenger.waiting'), translate('phone.scan'), () =>
        perform('scan', { confirm: false }),
      );
    } else if (faults && (faults.offline || faults.sendsFail || faults.slow > 0)) {
      offer(translate('messenger.faulty'), translate('messenger.mend'), () =>
        perform('faults', { offline: false, sendsFail: false, slow: 0 }),
      );
    }
    banner.hidden = banner.childElementCount === 0;
  }

  /** Whether the simulation was reset: it has lost conversations. */
  function wasReset(current: MessengerState, simulation: Simulation): boolean {
    const before = current.simulation?.conversations ?? [];
    const counts = new Map(simulation.conversations.map(({ id, count }) => [id, count]));
    return before.some(({ id, count }) => count > 0 && (counts.get(id) ?? 0) === 0);
  }

  /** Drops all messages after a reset, and reopens the conversation. */
  function resetState(current: MessengerState): MessengerState {
    state = emptyState(current.bot, current.open);
    received = [];
    return state;
  }

  function hasConversation({ contacts, rooms }: Simulation, id: string): boolean {
    return contacts.some((one) => one.id === id) || rooms.some((one) => one.id === id);
  }

  function applySimulation(current: MessengerState, simulation: Simulation): void {
    if (wasReset(current, simulation)) {
      applySimulation(resetState(current), simulation);
      return;
    }
    current.simulation = simulation;
    current.contacts = new ContactIndex(simulation);
    current.conversations.update(simulation, textOf(current.contacts));
    setNotice('');
    controls.show(simulation);
    if (current.open !== undefined) chat.refresh(current.contacts);
    else if (current.reopen !== undefined && hasConversation(simulation, current.reopen))
      openChat(current.reopen);
    current.reopen = undefined;
    showList();
    showBanner();
  }

  /** Shows reason there is no simulation, unless there was one before. */
  function showUnavailable(current: MessengerState, reason: string): void {
    if (!current.simulation) setNotice(reason);
    showBanner();
  }

  /** Schedules a request for the simulation; calls in between are merged. */
  function scheduleRefresh(): void {
    if (refreshTimer !== undefined) return;
    const wait = Math.max(0, refreshedAt + refreshIntervalMs - Date.now());
    refreshTimer = window.setTimeout(() => {
      refreshTimer = undefined;
      refreshedAt = Date.now();
      const current = state;
      if (!current) return;
      // During a deploy a stopped bot is about to be removed; its simulation does not change.
      if (current.simulation && stateOf(current.bot) === 'stopped') return;
      fetchSimulation(current.bot).then(
        (simulation) => {
          if (current !== state) return;
          if (simulation) applySimulation(current, simulation);
          else showUnavailable(current, translate('messenger.notStarted'));
        },
        (error: unknown) => {
          if (current === state) showUnavailable(current, (error as Error).message);
        },
      );
    }, wait);
  }

  function loadNewMessages(current: MessengerState): void {
    const history = openHistory(current);
    if (!history || current.open === undefined) return;
    void loadNewer(current.bot, current.open, history, (change) => {
      if (openHistory(state) === history) chat.update(change);
    });
  }

  function openChat(id: string): void {
    const current = state;
    if (!current?.contacts) return;
    const history = current.histories.get(id) ?? new MessageHistory();
    current.histories.set(id, history);
    current.open = id;
    root.classList.add('wechat-in-chat', 'wechat-has-chat');
    chat.open({ bot: current.bot, id, history: history }, current.contacts);
    loadNewMessages(current);
    showList();
  }

  function applyBots(received: readonly BotSummary[]): void {
    bots = received;
    const simulated = received.filter(({ puppet }) => puppet === 'simulator');
    botSelect.setBots(simulated);
    if (simulated.length === 0)
      setNotice(translate(received.length === 0 ? 'login.none' : 'messenger.noSimulator'));
    showBanner();
  }

  /** Renders the messages received since the last time. */
  function flush(): void {
    renderTimer = undefined;
    renderedAt = Date.now();
    const current = state;
    const messages = received;
    received = [];
    if (!current) return;
    for (const message of messages)
      current.conversations.addMessage(message, textOf(current.contacts)(message));
    const history = openHistory(current);
    const shown = messages.filter(({ conversation }) => conversation === current.open);
    if (history && shown.length > 0) chat.update(history.add(shown));
    showList();
  }

  controlsButton.addEventListener('click', () => {
    const open = controlsButton.getAttribute('aria-expanded') !== 'true';
    controls.open(open);
    controlsButton.setAttribute('aria-expanded', String(open));
  });

  whileVisible(root, () => {
    const unsubscribe = subscribeEvents({
      resync(restarted) {
        if (state && restarted) resetState(state);
        else if (state) loadNewMessages(state);
        fetchBots().then(
          (received) => {
            applyBots(received);
            scheduleRefresh();
          },
          (error: unknown) => {
            if (!state?.simulation)
              setNotice(translate('login.unreachable', { error: (error as Error).message }));
          },
        );
      },
      bots(received) {
        const previous = stateOf(state?.bot);
        applyBots(received);
        // Messages arrive as events of their own; other changes come with a new state.
        if (stateOf(state?.bot) !== previous) scheduleRefresh();
      },
      message({ bot, message }) {
        if (bot !== state?.bot) return;
        received.push(message);
        renderTimer ??= window.setTimeout(flush, Math.max(0, renderedAt + renderIntervalMs - Date.now()));
      },
      activity({ bot, entry }) {
        // Any event but a message may change contacts and rooms.
        if (bot === state?.bot && entry.name !== 'message' && entry.kind === 'event') scheduleRefresh();
      },
    });
    return () => {
      unsubscribe();
      window.clearTimeout(refreshTimer);
      refreshTimer = undefined;
      window.clearTimeout(renderTimer);
      renderTimer = undefined;
      received = [];
    };
  });
  return root;
}
