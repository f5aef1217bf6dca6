import type { EventName } from '../../events/table';
import type { MessageTypeName } from '../../bot/views';
import type { EventSummary } from '../../admin/api-types';
import { fetchEvents } from '../../editor/api/admin-client.editor';
import { type CatalogList, catalogList, toChoices } from '../../editor/forms/catalog-list.editor';
import { prepareForm } from '../../editor/forms/prepare-form.editor';
import { formElement, setVisible } from '../../editor/ui/dom.editor';
import { mountFilterPreview } from '../../editor/forms/filter-preview.editor';
import { isVariable } from '../../editor/forms/variable-field.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { selectedBot, attachNameSuggestions, type NameField } from '../../editor/forms/name-field.editor';
import {
  validator,
  siblingValue,
  namesError,
  numberError,
  patternError,
} from '../../editor/forms/validators.editor';
import { defaults, messageTypes, type OnEventProperties, declaration } from './properties';

addFormStyle();

/** The lists in the open form, which have no input that Node-RED could save. */
let lists: { events: CatalogList<EventName>; messageTypes: CatalogList<MessageTypeName> } | undefined;

/** The names in the open form. */
const nameFields: { from?: NameField; rooms?: NameField } = {};

/** The selection in the open form. */
function readLists(): Pick<OnEventProperties, 'events' | 'messageTypes'> {
  const { events, messageTypes: types } = lists ?? {};
  return { events: events?.read() ?? [], messageTypes: types?.read() ?? [] };
}

/** Which rows of the form filter events that have one of these fields. */
const filterRows: readonly { readonly row: string; readonly fields: readonly string[] }[] = [
  { row: 'wechat-from-row', fields: ['talker', 'contact', 'inviter'] },
  { row: 'wechat-rooms-row', fields: ['room'] },
  { row: 'wechat-chat-row', fields: ['message'] },
  { row: 'wechat-contact-type-row', fields: ['talker', 'contact', 'inviter'] },
  { row: 'wechat-message-rows', fields: ['message'] },
  { row: 'wechat-preview-row', fields: ['message'] },
];

/** Shows the filters that apply to the selected events; all filters when the event table could not be read. */
function showFilters(table: readonly EventSummary[]): void {
  const { events } = readLists();
  // Which events a variable stands for is known at run time only.
  const isAny = typeof events === 'string' || events.length === 0;
  const selectedEvents = table.filter(({ name }) => isAny || events.includes(name as EventName));
  const fields = new Set(selectedEvents.flatMap(({ schema }) => Object.keys(schema.properties ?? {})));
  for (const { row, fields: wanted } of filterRows) {
    setVisible(row, table.length === 0 || wanted.some((field) => fields.has(field)));
  }
}

/** The filters in the inputs of the open form. */
function readFilters(): Partial<OnEventProperties> {
  const text = (id: string): string => $(`#node-input-${id}`).val()?.toString() ?? '';
  const isOn = (id: string): boolean => $(`#node-input-${id}`).is(':checked');
  return {
    from: nameFields.from?.read() ?? '',
    rooms: nameFields.rooms?.read() ?? '',
    chat: text('chat') as OnEventProperties['chat'],
    contactType: text('contactType') as OnEventProperties['contactType'],
    maxAge: Number(text('maxAge')) || 0,
    textMatch: text('textMatch'),
    textMatchType: text('textMatchType') as OnEventProperties['textMatchType'],
    mentioned: isOn('mentioned'),
    includeSelf: isOn('includeSelf'),
  };
}

RED.nodes.registerType<OnEventProperties>('wechat-on-event', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-event.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    events: { value: defaults.events },
    from: { value: defaults.from, validate: validator('label.from', namesError) },
    rooms: { value: defaults.rooms, validate: validator('label.rooms', namesError) },
    chat: { value: defaults.chat },
    contactType: { value: defaults.contactType },
    messageTypes: { value: defaults.messageTypes },
    textMatch: {
      value: defaults.textMatch,
      validate: validator('label.textMatch', (value, node) =>
        siblingValue('textMatchType', node.textMatchType) === 'regex' ? patternError(value, node) : undefined,
      ),
    },
    textMatchType: { value: defaults.textMatchType },
    mentioned: { value: defaults.mentioned },
    includeSelf: { value: defaults.includeSelf },
    maxAge: { value: defaults.maxAge, validate: validator('label.maxAge', numberError) },
    download: { value: defaults.download },
    maxFileMb: {
      value: defaults.maxFileMb,
      validate: validator('label.maxFileMb', numberError),
    },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    if (this.name) return this.name;
    if (typeof this.events === 'string') return this._('palette.labelEvents', { events: this.events });
    if (this.events.length === 0) return this._('palette.labelAll');
    if (this.events.length > 2) return this._('palette.labelSeveral', { count: String(this.events.length) });
    return this._('palette.labelEvents', { events: this.events.join(', ') });
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels() {
    return this._('palette.output');
  },
  oneditprepare() {
    prepareForm(this, declaration);
    let table: readonly EventSummary[] = [];
    const events = catalogList<EventName>({
      container: 'wechat-events',
      title: this._('label.events'),
      node: this,
      saved: this.events,
      onChange: () => {
        showFilters(table);
      },
    });
    const types = catalogList<MessageTypeName>({
      container: 'wechat-message-types',
      title: this._('label.messageTypes'),
      node: this,
      saved: this.messageTypes,
      compact: true,
    });
    types.show(messageTypes.map((type) => ({ value: type, label: this._(`messageType.${type}`) })));
    lists = { events, messageTypes: types };
    showFilters(table);
    const problem = formElement('wechat-events-problem');
    fetchEvents().then(
      (fetched) => {
        // The form was closed before the runtime answered.
        if (!problem.isConnected) return;
        table = fetched;
        events.show(toChoices(table));
        showFilters(table);
      },
      (error: unknown) => {
        problem.textContent = this._('hint.unreadable', { error: (error as Error).message });
      },
    );
    for (const [id, kind] of [
      ['from', 'contact'],
      ['rooms', 'room'],
    ] as const) {
      const text = formElement(`node-input-${id}`) as HTMLInputElement;
      const scope = { kind, bot: selectedBot };
      const naming = { title: this._(`label.${id}`), scope, multiple: true, saved: this[id] };
      nameFields[id] = attachNameSuggestions(text, naming, this);
    }
    const download = formElement('node-input-download') as HTMLInputElement;
    $(download)
      .on('change', () => {
        setVisible('wechat-max-file-row', download.checked || isVariable(download.value));
      })
      .trigger('change');
    const preview = mountFilterPreview({
      container: formElement('wechat-preview'),
      node: this,
      filter: () => ({ ...readLists(), ...readFilters() }),
    });
    $('#wechat-preview').closest('form').on('input change', preview.refresh);
  },
  oneditsave() {
    Object.assign(this, readLists());
    nameFields.from?.save(this, 'from');
    nameFields.rooms?.save(this, 'rooms');
  },
});
