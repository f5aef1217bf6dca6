/** The messenger section: conversations between the contacts of a simulated WeChat and the bot. */
import type { BotSummary, LastMessage, SimulatorActions, SimulatorMessage } from '../../../admin/api-types';
import { fetchBots } from '../../api/admin-client.editor';
import { subscribeEvents } from '../../api/event-stream-client.editor';
import type { Simulation } from '../../api/simulation.editor';
import { fetchSimulation, performAction } from '../../api/simulator-client.editor';
import { element } from '../../ui/dom.editor';
import { throttle } from '../../ui/throttle.editor';
import { whileVisible } from '../../ui/while-visible.editor';
import { createBotSelect } from '../bot-select.editor';
import { translate } from '../translate.editor';
import { createChat } from './chat.editor';
import type { ContactIndex } from './contact-index.editor';
import { createConversationList } from './conversation-list.editor';
import { loadNewer, loadOlder } from './history-loader.editor';
import { MessengerState } from './messenger-state.editor';
import { createSimulatorBanner } from './simulator-banner.editor';
import { createSimulatorControls } from './simulator-controls.editor';

/** Minimum interval between two requests for a simulation, which may be large, in ms. */
const refreshIntervalMs = 700;
/** Messages are rendered in batches, at this interval in ms. */
const renderIntervalMs = 100;

/** Formats the last message of a conversation. */
function textOf({ from, type, text }: LastMessage, contacts: ContactIndex | undefined): string {
  return type === 'Recalled' ? translate('chat.recalled', { name: contacts?.nameOf(from) ?? from }) : text;
}

/** Creates the section. */
export function createMessenger(): HTMLElement {
  let state: MessengerState | undefined;
  let bots: readonly BotSummary[] = [];
  /** The last open conversation by bot. */
  const lastOpen = new Map<string, string>();
  let received: SimulatorMessage[] = [];
  const refresh = throttle(refreshSimulation, refreshIntervalMs);
  const render = throttle(renderReceived, renderIntervalMs);

  const botSelect = createBotSelect(translate('messenger.bot'), () => selectBot(botSelect.selected()));
  const notice = element('div', { class: 'wechat-empty', role: 'status' });
  const controlsButton = element(
    'button',
    {
      type: 'button',
      class: 'red-ui-button red-ui-button-small wechat-phone-button',
      'aria-expanded': 'false',
      'aria-controls': 'wechat-phone',
    },
    element('i', { class: 'fa fa-mobile', 'aria-hidden': 'true' }),
    ` ${translate('simulatorControls.label')}`,
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
    else refresh.schedule();
  };
  const controls = createSimulatorControls(perform);
  const banner = createSimulatorBanner(perform, () => refresh.schedule());
  const list = createConversationList((id) => {
    openChat(id);
    chat.focus();
  });
  const chat = createChat({
    performAction: perform,
    onLoadOlder: () => {
      const current = state;
      const history = current?.openHistory;
      if (!current || !history || current.open === undefined) return;
      void loadOlder(current.bot, current.open, history).then((change) => {
        if (change && state?.openHistory === history) chat.update(change);
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
    banner.root,
    controls.root,
    main,
  );

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
    state = bot === undefined ? undefined : new MessengerState(bot, lastOpen.get(bot));
    received = [];
    root.classList.remove('wechat-in-chat', 'wechat-has-chat');
    if (state) refresh.schedule();
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
    banner.show(bot, state?.simulation);
  }

  /** Drops all messages after a reset, and reopens the conversation. */
  function resetState(current: MessengerState): MessengerState {
    state = new MessengerState(current.bot, current.open);
    received = [];
    return state;
  }

  function applySimulation(current: MessengerState, simulation: Simulation): void {
    if (current.isReset(simulation)) {
      applySimulation(resetState(current), simulation);
      return;
    }
    const contacts = current.update(simulation, textOf);
    setNotice('');
    controls.show(simulation);
    const { open, reopen } = current;
    current.reopen = undefined;
    if (open !== undefined) chat.refresh(contacts);
    else if (reopen !== undefined && contacts.has(reopen)) openChat(reopen);
    showList();
    showBanner();
  }

  /** Shows why there is no simulation, unless there was one before. */
  function showUnavailable(current: MessengerState, reason: string): void {
    if (!current.simulation) setNotice(reason);
    showBanner();
  }

  function refreshSimulation(): void {
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
  }

  function loadNewMessages(current: MessengerState): void {
    const history = current.openHistory;
    if (!history || current.open === undefined) return;
    void loadNewer(current.bot, current.open, history, (change) => {
      if (state?.openHistory === history) chat.update(change);
    });
  }

  function openChat(id: string): void {
    const current = state;
    if (!current?.contacts) return;
    current.open = id;
    root.classList.add('wechat-in-chat', 'wechat-has-chat');
    chat.open({ bot: current.bot, id, history: current.historyOf(id) }, current.contacts);
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
  function renderReceived(): void {
    const current = state;
    const messages = received;
    received = [];
    if (!current) return;
    for (const message of messages)
      current.conversations.addMessage(message, textOf(message, current.contacts));
    const history = current.openHistory;
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
            refresh.schedule();
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
        if (stateOf(state?.bot) !== previous) refresh.schedule();
      },
      message({ bot, message }) {
        if (bot !== state?.bot) return;
        received.push(message);
        render.schedule();
      },
      activity({ bot, entry }) {
        // Any event but a message may change contacts and rooms.
        if (bot === state?.bot && entry.name !== 'message' && entry.kind === 'event') refresh.schedule();
      },
    });
    return () => {
      unsubscribe();
      refresh.cancel();
      render.cancel();
      received = [];
    };
  });
  return root;
}
