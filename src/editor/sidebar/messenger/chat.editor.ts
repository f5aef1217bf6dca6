/** One conversation: header, messages and composer. */
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import { createBubble } from './message-bubble.editor';
import { createComposer } from './composer.editor';
import { createMembers } from './members.editor';
import { createMessageList } from './message-list.editor';
import type { ContactOption, ContactIndex } from './contact-index.editor';
import { readAsBase64 } from './read-file.editor';
import type { HistoryChange, MessageHistory } from './message-history.editor';
import { filePath } from '../../api/simulator-client.editor';
import type { PerformAction } from '../../api/simulation.editor';
import type { SimulatorMessage, SimulatorRoom } from '../../../admin/api-types';

/** Callbacks of a chat. */
export interface ChatOptions {
  readonly onBack: () => void;
  readonly onLoadOlder: () => void;
  /** Performs an action in the simulation. */
  readonly performAction: PerformAction;
}

/** The conversation that is shown. */
export interface OpenChat {
  readonly bot: string;
  readonly id: string;
  readonly history: MessageHistory;
}

/** The chat. */
export interface Chat {
  readonly root: HTMLElement;
  open(chat: OpenChat, contacts: ContactIndex): void;
  update(change: HistoryChange): void;
  /** Shows changed contacts and rooms. */
  refresh(contacts: ContactIndex): void;
  focus(): void;
}

/** The unsent draft and the speaker of a conversation. */
interface SavedDraft {
  readonly draft: string;
  readonly speaker: string | undefined;
}

/** Creates the chat. */
export function createChat({ onBack, onLoadOlder, performAction }: ChatOptions): Chat {
  let openChat: OpenChat | undefined;
  let contacts: ContactIndex | undefined;
  let room: SimulatorRoom | undefined;
  const savedDrafts = new Map<string, SavedDraft>();

  const backButton = element(
    'button',
    {
      type: 'button',
      class: 'wechat-icon-button wechat-back',
      'aria-label': translate('chat.back'),
      title: translate('chat.back'),
    },
    element('i', { class: 'fa fa-chevron-left', 'aria-hidden': 'true' }),
  );
  const title = element('h3', { class: 'wechat-chat-name', tabindex: -1 });
  const subtitle = element('div', { class: 'wechat-chat-sub' });
  const membersButton = element(
    'button',
    {
      type: 'button',
      class: 'wechat-icon-button',
      'aria-label': translate('members.label'),
      title: translate('members.label'),
      'aria-expanded': 'false',
    },
    element('i', { class: 'fa fa-users', 'aria-hidden': 'true' }),
  );
  const newer = element('button', { type: 'button', class: 'wechat-newer', hidden: true });
  const error = element('div', { class: 'wechat-problem', role: 'alert' });

  function run(action: Promise<void>): void {
    error.textContent = '';
    action.catch((reason: unknown) => {
      error.textContent = (reason as Error).message;
    });
  }

  const messageList = createMessageList({
    label: translate('chat.log'),
    onLoadOlder,
    onUnseenChange(count) {
      newer.hidden = count === 0;
      newer.textContent = translate('chat.newer', { count });
    },
    render: (message, previous) => render(message, previous),
  });
  const members = createMembers({
    onJoin: (contact) => {
      if (room) run(performAction('join', { room: room.id, contact }));
    },
    onLeave: (contact) => {
      if (room) run(performAction('leave', { room: room.id, contact }));
    },
  });
  members.root.hidden = true;

  function sendTarget(): { from: string; room?: string } {
    return { from: composer.speaker(), ...(room ? { room: room.id } : {}) };
  }

  const composer = createComposer({
    onSend: async ({ text, mentions }) => {
      await performAction('say', { ...sendTarget(), text, ...(mentions.length > 0 ? { mentions } : {}) });
      messageList.toEnd();
    },
    onAttach: (files) => {
      const place = sendTarget();
      run(sendFiles(files, place));
    },
    onSpeakerChange: () => messageList.redraw(),
    mentionOptions: () =>
      room && contacts
        ? contacts.mentionOptions(room, composer.speaker(), translate('composer.everybody'))
        : [],
  });

  async function sendFiles(files: readonly File[], place: { from: string; room?: string }): Promise<void> {
    for (const file of files) {
      await performAction('say', { ...place, file: { name: file.name, base64: await readAsBase64(file) } });
    }
  }

  function recall(message: string): void {
    run(performAction('recall', { message }));
    // The button that has the focus is removed with the message.
    composer.focus();
  }

  function render(message: SimulatorMessage, previous: SimulatorMessage | undefined): HTMLElement {
    const mine = message.from === composer.speaker();
    return createBubble(message, previous, {
      isOwn: mine,
      name: contacts?.nameOf(message.from) ?? message.from,
      showName: room !== undefined && !mine,
      filePath: filePath(openChat?.bot ?? '', message.id),
      ...(message.self ? {} : { onRecall: () => recall(message.id) }),
    });
  }

  function currentSpeakers(): readonly ContactOption[] {
    if (!openChat || !contacts) return [];
    return room ? contacts.members(room, false) : contacts.byIds([openChat.id]);
  }

  function disabledReason(): string {
    if (!openChat || !contacts) return '';
    if (room) return room.hasBot ? '' : translate('chat.botNotIn');
    return contacts.isFriend(openChat.id) ? '' : translate('chat.stranger');
  }

  function renderHeader(): void {
    if (!openChat || !contacts) return;
    room = contacts.room(openChat.id);
    title.textContent = room ? room.topic : contacts.nameOf(openChat.id);
    subtitle.textContent = room
      ? translate('chat.members', { count: room.memberIds.length })
      : contacts.aliasOf(openChat.id);
    membersButton.hidden = room === undefined;
    if (room) members.show(contacts.members(room, true), contacts.nonMembers(room));
    composer.disable(disabledReason());
  }

  function showMembers(open: boolean): void {
    members.root.hidden = !open;
    membersButton.setAttribute('aria-expanded', String(open));
  }

  backButton.addEventListener('click', onBack);
  membersButton.addEventListener('click', () =>
    showMembers(membersButton.getAttribute('aria-expanded') !== 'true'),
  );
  newer.addEventListener('click', () => {
    messageList.toEnd();
    composer.focus();
  });

  const root = element(
    'div',
    { class: 'wechat-chat' },
    element(
      'div',
      { class: 'wechat-chat-head' },
      backButton,
      element('div', { class: 'wechat-chat-title' }, title, subtitle),
      membersButton,
    ),
    members.root,
    element('div', { class: 'wechat-log-frame' }, messageList.root, newer),
    error,
    composer.root,
  );
  root.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  root.addEventListener('drop', (event) => {
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (dropped.length === 0) return;
    event.preventDefault();
    run(sendFiles(dropped, sendTarget()));
  });
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onBack();
  });

  return {
    root,
    update: (change) => messageList.update(change),
    focus: () => composer.focus(),
    open(chat, index) {
      if (openChat) savedDrafts.set(openChat.id, { draft: composer.draft(), speaker: composer.speaker() });
      openChat = chat;
      contacts = index;
      error.textContent = '';
      if (membersButton.getAttribute('aria-expanded') === 'true') showMembers(false);
      renderHeader();
      messageList.root.setAttribute('aria-label', translate('chat.logWith', { name: title.textContent }));
      const saved = savedDrafts.get(chat.id);
      composer.open(currentSpeakers(), saved?.speaker, saved?.draft ?? '');
      messageList.open(chat.history);
    },
    refresh(index) {
      if (!openChat) return;
      const previous = currentSpeakers();
      contacts = index;
      renderHeader();
      const speakers = currentSpeakers();
      const same =
        previous.length === speakers.length &&
        speakers.every(({ id, name }, index) => previous[index]?.id === id && previous[index].name === name);
      if (same) return;
      composer.open(speakers, composer.speaker(), composer.draft());
      messageList.redraw();
    },
  };
}
