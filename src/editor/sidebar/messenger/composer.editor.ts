/** The composer: speaker, text, mentions and files. */
import { attachCombobox } from '../../ui/combobox.editor';
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';
import { type ContactOption, contactSuggestions } from './contact-index.editor';

/** A message to send. */
export interface Draft {
  readonly text: string;
  /** Ids of the mentioned contacts. */
  readonly mentions: readonly string[];
}

/** A composer. */
export interface Composer {
  readonly root: HTMLElement;
  /** The id of the speaker. */
  speaker(): string;
  /** Switches to another conversation; `draft` is its unsent text. */
  open(speakers: readonly ContactOption[], speaker: string | undefined, draft: string): void;
  /** The unsent text. */
  draft(): string;
  /** Disables the composer with a reason; an empty reason enables it. */
  disable(reason: string): void;
  focus(): void;
}

/** Callbacks of the composer. */
export interface ComposerOptions {
  /** Sends a message; a rejected one stays in the field. */
  readonly onSend: (draft: Draft) => Promise<void>;
  readonly onAttach: (files: readonly File[]) => void;
  /** Called when another speaker is selected. */
  readonly onSpeakerChange: () => void;
  /** The contacts that can be mentioned; none in a conversation of two. */
  readonly mentionOptions: () => readonly ContactOption[];
}

/** An `@` and the text between it and the cursor. */
const mentionPrefix = /(?:^|\s)@([^@\s]*)$/;

function iconButton(icon: string, label: string): HTMLButtonElement {
  return element(
    'button',
    { type: 'button', class: 'wechat-icon-button', 'aria-label': label, title: label },
    element('i', { class: `fa ${icon}`, 'aria-hidden': 'true' }),
  );
}

/** Creates the composer. */
export function createComposer({
  onSend,
  onAttach,
  onSpeakerChange,
  mentionOptions,
}: ComposerOptions): Composer {
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
  const error = element('div', { class: 'wechat-problem', role: 'alert' });
  const disabledNotice = element('div', { class: 'wechat-blocked', hidden: true });
  const line = element('div', { class: 'wechat-write' }, file, mention, field, submit, files);
  const root = element('div', { class: 'wechat-composer' }, error, disabledNotice, speakerRow, line);
  let mentions = new Map<string, string>();
  /** Whether there is only one possible speaker. */
  let hasOneSpeaker = true;

  function textBeforeCursor(): string {
    return field.value.slice(0, field.selectionStart);
  }

  function insertMention(id: string): void {
    const name = mentionOptions().find((option) => option.id === id)?.name ?? id;
    const start = textBeforeCursor().replace(mentionPrefix, (found) =>
      found.slice(0, found.lastIndexOf('@')),
    );
    // WeChat itself appends this space to a mention.
    field.setRangeText(`${start}@${name}\u2005`, 0, field.selectionStart, 'end');
    mentions.set(id, name);
    autoResize();
  }

  /** Fits the height to the text, up to a maximum. */
  function autoResize(): void {
    // The line keeps its height while the field is measured, so that the messages above do not scroll.
    line.style.minHeight = `${line.offsetHeight}px`;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
    line.style.minHeight = '';
  }

  function clear(): void {
    field.value = '';
    mentions = new Map();
    autoResize();
  }

  async function submitDraft(): Promise<void> {
    const text = field.value;
    if (text.trim() === '') return;
    const mentionIds = [...mentions].filter(([, name]) => text.includes(`@${name}`)).map(([id]) => id);
    const previousMentions = mentions;
    error.textContent = '';
    // Cleared at once, so that the next message can be written meanwhile.
    clear();
    try {
      await onSend({ text, mentions: mentionIds });
    } catch (reason) {
      error.textContent = translate('composer.failed', { error: (reason as Error).message });
      if (field.value !== '') return;
      field.value = text;
      mentions = previousMentions;
      autoResize();
    }
  }

  // Before the combobox, which opens beside the resized line.
  field.addEventListener('input', autoResize);
  const suggestions = attachCombobox(field, {
    title: translate('composer.mention'),
    anchor: line,
    debounceMs: 0,
    autoSelect: true,
    queryOf: () => mentionPrefix.exec(textBeforeCursor())?.[1],
    search: (query) => contactSuggestions(mentionOptions(), query),
    onSelect: insertMention,
  });
  field.addEventListener('keydown', (event) => {
    // Enter may have selected a mention.
    if (event.defaultPrevented) return;
    // During input method composition, Enter confirms the word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submitDraft();
  });
  field.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (pasted.length === 0) return;
    event.preventDefault();
    onAttach(pasted);
  });
  mention.addEventListener('click', () => {
    field.focus();
    const before = textBeforeCursor();
    if (!mentionPrefix.test(before)) {
      field.setRangeText(
        before === '' || /\s$/.test(before) ? '@' : ' @',
        field.selectionStart,
        field.selectionEnd,
        'end',
      );
    }
    field.dispatchEvent(new Event('input'));
  });
  file.addEventListener('click', () => files.click());
  files.addEventListener('change', () => {
    onAttach([...(files.files ?? [])]);
    files.value = '';
  });
  submit.addEventListener('click', () => {
    void submitDraft();
    field.focus();
  });
  speakers.addEventListener('change', () => onSpeakerChange());

  return {
    root,
    speaker: () => speakers.value,
    draft: () => field.value,
    focus: () => field.focus(),
    open(offered, speaker, draft) {
      error.textContent = '';
      speakers.replaceChildren(...offered.map(({ id, name }) => element('option', { value: id }, name)));
      if (speaker !== undefined && offered.some(({ id }) => id === speaker)) speakers.value = speaker;
      hasOneSpeaker = mentionOptions().length === 0;
      speakerRow.hidden = hasOneSpeaker;
      mention.hidden = hasOneSpeaker;
      if (field.value !== draft) {
        field.value = draft;
        mentions = new Map();
        autoResize();
      }
      suggestions.close();
    },
    disable(reason) {
      if (disabledNotice.textContent !== reason) disabledNotice.textContent = reason;
      disabledNotice.hidden = reason === '';
      speakerRow.hidden = reason !== '' || hasOneSpeaker;
      line.hidden = reason !== '';
    },
  };
}
