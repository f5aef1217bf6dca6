/** One conversation: its head, what was said, and where to write. */
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import { bubble } from './message-bubble.editor';
import { makeComposer } from './composer.editor';
import { makeMembers } from './members.editor';
import { messageWindow } from './message-list.editor';
import type { Candidate, People } from './contact-index.editor';
import { readAsBase64 } from '../../ui/read-file.editor';
import type { Change, Thread } from './message-history.editor';
import { filePath } from '../../api/simulator-client.editor';
import type { LetHappen, WorldMessage, WorldRoom } from '../../api/simulator-api.editor';

/** What a chat asks for. */
export interface ChatOptions {
  readonly back: () => void;
  readonly older: () => void;
  /** Lets something happen in the world. @throws why it cannot */
  readonly letHappen: LetHappen;
}

/** Which conversation is shown. */
export interface OpenChat {
  readonly bot: string;
  readonly id: string;
  readonly thread: Thread;
}

/** The chat. */
export interface Chat {
  readonly root: HTMLElement;
  open(chat: OpenChat, people: People): void;
  update(change: Change): void;
  /** Shows what changed about people and rooms. */
  refresh(people: People): void;
  focus(): void;
}

/** What was left in a conversation, to be found again. */
interface Left {
  readonly draft: string;
  readonly speaker: string | undefined;
}

/** Makes the chat. */
export function makeChat({ back, older, letHappen }: ChatOptions): Chat {
  let shown: OpenChat | undefined;
  let people: People | undefined;
  let room: WorldRoom | undefined;
  const left = new Map<string, Left>();

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
  const problem = element('div', { class: 'wechat-problem', role: 'alert' });

  function attempt(happening: Promise<void>): void {
    problem.textContent = '';
    happening.catch((error: unknown) => {
      problem.textContent = (error as Error).message;
    });
  }

  const log = messageWindow({
    label: translate('chat.log'),
    older,
    below(count) {
      newer.hidden = count === 0;
      newer.textContent = translate('chat.newer', { count });
    },
    render: (message, previous) => render(message, previous),
  });
  const members = makeMembers({
    join: (contact) => {
      if (room) attempt(letHappen('join', { room: room.id, contact }));
    },
    leave: (contact) => {
      if (room) attempt(letHappen('leave', { room: room.id, contact }));
    },
  });
  members.root.hidden = true;

  function where(): { from: string; room?: string } {
    return { from: composer.speaker(), ...(room ? { room: room.id } : {}) };
  }

  const composer = makeComposer({
    send: async ({ text, mentions }) => {
      await letHappen('say', { ...where(), text, ...(mentions.length > 0 ? { mentions } : {}) });
      log.toEnd();
    },
    attach: (files) => {
      const place = where();
      attempt(sendFiles(files, place));
    },
    spoken: () => log.redraw(),
    mentionable: () =>
      room && people ? people.mentionable(room, composer.speaker(), translate('composer.everybody')) : [],
  });

  async function sendFiles(files: readonly File[], place: { from: string; room?: string }): Promise<void> {
    for (const file of files) {
      await letHappen('say', { ...place, file: { name: file.name, base64: await readAsBase64(file) } });
    }
  }

  function recall(message: string): void {
    attempt(letHappen('recall', { message }));
    // The button goes away with the message.
    composer.focus();
  }

  function render(message: WorldMessage, previous: WorldMessage | undefined): HTMLElement {
    const mine = message.from === composer.speaker();
    return bubble(message, previous, {
      mine,
      name: people?.nameOf(message.from) ?? message.from,
      inRoom: room !== undefined && !mine,
      file: filePath(shown?.bot ?? '', message.id),
      ...(message.self ? {} : { recall: () => recall(message.id) }),
    });
  }

  function speakersOf(): readonly Candidate[] {
    if (!shown || !people) return [];
    return room ? people.members(room, false) : people.some([shown.id]);
  }

  function whyMute(): string {
    if (!shown || !people) return '';
    if (room) return room.hasBot ? '' : translate('chat.botNotIn');
    return people.isFriend(shown.id) ? '' : translate('chat.stranger');
  }

  function showHead(): void {
    if (!shown || !people) return;
    room = people.room(shown.id);
    title.textContent = room ? room.topic : people.nameOf(shown.id);
    subtitle.textContent = room
      ? translate('chat.members', { count: room.memberIds.length })
      : (people.aliasOf(shown.id) ?? '');
    membersButton.hidden = room === undefined;
    if (room) members.show(people.members(room, true), people.notIn(room));
    composer.block(whyMute());
  }

  function showMembers(open: boolean): void {
    members.root.hidden = !open;
    membersButton.setAttribute('aria-expanded', String(open));
  }

  backButton.addEventListener('click', back);
  membersButton.addEventListener('click', () =>
    showMembers(membersButton.getAttribute('aria-expanded') !== 'true'),
  );
  newer.addEventListener('click', () => {
    log.toEnd();
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
    element('div', { class: 'wechat-log-frame' }, log.root, newer),
    problem,
    composer.root,
  );
  root.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  root.addEventListener('drop', (event) => {
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (dropped.length === 0) return;
    event.preventDefault();
    attempt(sendFiles(dropped, where()));
  });
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    back();
  });

  return {
    root,
    update: (change) => log.update(change),
    focus: () => composer.focus(),
    open(chat, known) {
      if (shown) left.set(shown.id, { draft: composer.draft(), speaker: composer.speaker() });
      shown = chat;
      people = known;
      problem.textContent = '';
      if (membersButton.getAttribute('aria-expanded') === 'true') showMembers(false);
      showHead();
      log.root.setAttribute('aria-label', translate('chat.logWith', { name: title.textContent }));
      const before = left.get(chat.id);
      composer.open(speakersOf(), before?.speaker, before?.draft ?? '');
      log.open(chat.thread);
    },
    refresh(known) {
      if (!shown) return;
      const before = speakersOf();
      people = known;
      showHead();
      const now = speakersOf();
      const same =
        before.length === now.length &&
        now.every(({ id, name }, index) => before[index]?.id === id && before[index].name === name);
      if (same) return;
      composer.open(now, composer.speaker(), composer.draft());
      log.redraw();
    },
  };
}
