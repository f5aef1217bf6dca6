/** Where one writes: who speaks, the text, mentions, files. */
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import type { Candidate } from './contact-index.editor';
import { suggestions } from './suggestions.editor';

/** Something to say. */
export interface Draft {
  readonly text: string;
  /** Ids of those mentioned. */
  readonly mentions: readonly string[];
}

/** The place to write in. */
export interface Composer {
  readonly root: HTMLElement;
  /** The id of who speaks. */
  speaker(): string;
  /** Turns to another conversation; `draft` is what was left there. */
  open(speakers: readonly Candidate[], speaker: string | undefined, draft: string): void;
  /** What stands there, unsent. */
  draft(): string;
  /** Says why nothing can be said here; empty when it can. */
  block(reason: string): void;
  focus(): void;
}

/** What the composer tells. */
export interface ComposerOptions {
  /** @throws what keeps it from being said: it stays in the field then. */
  readonly send: (draft: Draft) => Promise<void>;
  readonly attach: (files: readonly File[]) => void;
  /** Told when somebody else speaks. */
  readonly spoken: () => void;
  /** Who can be mentioned; nobody in a conversation of two. */
  readonly mentionable: () => readonly Candidate[];
}

/** The `@` and what follows it in front of the cursor. */
const begunMention = /(?:^|\s)@([^@\s]*)$/;

function iconButton(icon: string, label: string): HTMLButtonElement {
  return element(
    'button',
    { type: 'button', class: 'wechat-icon-button', 'aria-label': label, title: label },
    element('i', { class: `fa ${icon}`, 'aria-hidden': 'true' }),
  );
}

/** Makes the composer. */
export function makeComposer({ send, attach, spoken, mentionable }: ComposerOptions): Composer {
  const speakers = element('select', { 'aria-label': translate('composer.speaker') });
  const speakerRow = element(
    'label',
    { class: 'wechat-speaker' },
    element('span', {}, translate('composer.speaker')),
    speakers,
  );
  const field = element('textarea', {
    rows: 1,
    class: 'wechat-text',
    'aria-label': translate('composer.text'),
    placeholder: translate('composer.text'),
  });
  const files = element('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    'aria-hidden': 'true',
    tabindex: -1,
  });
  const mention = iconButton('fa-at', translate('composer.mention'));
  const file = iconButton('fa-paperclip', translate('composer.file'));
  const submit = element(
    'button',
    {
      type: 'button',
      class: 'wechat-send',
      'aria-label': translate('composer.send'),
      title: translate('composer.send'),
    },
    element('i', { class: 'fa fa-paper-plane', 'aria-hidden': 'true' }),
  );
  const problem = element('div', { class: 'wechat-problem', role: 'alert' });
  const blocked = element('div', { class: 'wechat-blocked', hidden: true });
  let mentions = new Map<string, string>();
  /** Whether only one person can speak here. */
  let alone = true;

  const list = suggestions(field, translate('composer.mention'), ({ id, name }) => {
    const before = field.value.slice(0, field.selectionStart);
    const after = field.value.slice(field.selectionStart);
    const start = before.replace(begunMention, (found) => found.slice(0, found.lastIndexOf('@')));
    // The space WeChat itself puts behind a name.
    field.value = `${start}@${name}\u2005${after}`;
    const cursor = field.value.length - after.length;
    field.setSelectionRange(cursor, cursor);
    mentions.set(id, name);
    grow();
  });

  /** As high as the text, up to a third of the sidebar. */
  function grow(): void {
    // While it is measured, nothing else may move: what stands above would lose its place.
    line.style.minHeight = `${line.offsetHeight}px`;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
    line.style.minHeight = '';
  }

  function suggest(): void {
    const typed = begunMention.exec(field.value.slice(0, field.selectionStart))?.[1];
    if (typed === undefined) list.hide();
    else list.suggest(mentionable(), typed);
  }

  function clear(): void {
    field.value = '';
    mentions = new Map();
    grow();
  }

  async function say(): Promise<void> {
    const text = field.value;
    if (text.trim() === '') return;
    const meant = [...mentions].filter(([, name]) => text.includes(`@${name}`)).map(([id]) => id);
    const kept = mentions;
    problem.textContent = '';
    // At once, so that one can write on while it is sent.
    clear();
    try {
      await send({ text, mentions: meant });
    } catch (error) {
      problem.textContent = translate('composer.failed', { error: (error as Error).message });
      if (field.value !== '') return;
      field.value = text;
      mentions = kept;
      grow();
    }
  }

  field.addEventListener('input', () => {
    grow();
    suggest();
  });
  field.addEventListener('keydown', (event) => {
    if (list.takeKey(event)) return;
    // While a Chinese word is being composed, Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void say();
  });
  field.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (pasted.length === 0) return;
    event.preventDefault();
    attach(pasted);
  });
  mention.addEventListener('click', () => {
    field.focus();
    const before = field.value.slice(0, field.selectionStart);
    if (!begunMention.test(before)) {
      field.setRangeText(
        before === '' || /\s$/.test(before) ? '@' : ' @',
        field.selectionStart,
        field.selectionEnd,
        'end',
      );
    }
    suggest();
  });
  file.addEventListener('click', () => files.click());
  files.addEventListener('change', () => {
    attach([...(files.files ?? [])]);
    files.value = '';
  });
  submit.addEventListener('click', () => {
    void say();
    field.focus();
  });
  speakers.addEventListener('change', () => spoken());

  const line = element('div', { class: 'wechat-write' }, file, mention, field, submit, list.root, files);
  return {
    root: element('div', { class: 'wechat-composer' }, problem, blocked, speakerRow, line),
    speaker: () => speakers.value,
    draft: () => field.value,
    focus: () => field.focus(),
    open(offered, speaker, draft) {
      problem.textContent = '';
      speakers.replaceChildren(...offered.map(({ id, name }) => element('option', { value: id }, name)));
      if (speaker !== undefined && offered.some(({ id }) => id === speaker)) speakers.value = speaker;
      alone = mentionable().length === 0;
      speakerRow.hidden = alone;
      mention.hidden = alone;
      if (field.value !== draft) {
        field.value = draft;
        mentions = new Map();
        grow();
      }
      list.hide();
    },
    block(reason) {
      if (blocked.textContent !== reason) blocked.textContent = reason;
      blocked.hidden = reason === '';
      speakerRow.hidden = reason !== '' || alone;
      line.hidden = reason !== '';
    },
  };
}
