import type { EventName } from '../../events/table';
import type { MessageTypeName } from '../../bot/views';
import type { EventSummary } from '../../admin/api-types';
import { fetchEvents } from '../../editor/api/admin-client.editor';
import { localize } from '../../editor/api/localize.editor';
import { applyDefaults } from '../../editor/forms/apply-defaults.editor';
import { formElement, setVisible } from '../../editor/ui/dom.editor';
import { showCheckboxList } from '../../editor/ui/checkbox-list.editor';
import { mountFilterPreview } from '../../editor/forms/filter-preview.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { selectedBot, attachNameSuggestions } from '../../editor/forms/name-field.editor';
import {
  validator,
  siblingValue,
  namesError,
  numberError,
  patternError,
} from '../../editor/forms/validators.editor';
import { defaults, messageTypes, type OnEventProperties, migrations } from './properties';

addFormStyle();

/** The selection in the open form: lists have no input that Node-RED could save. */
let selection: Pick<OnEventProperties, 'events' | 'messageTypes'> = defaults;

/** Which rows of the form filter events that have one of these fields. */
const filterRows: readonly { readonly row: string; readonly fields: readonly string[] }[] = [
  { row: 'wechat-from-row', fields: ['talker', 'contact', 'inviter'] },
  { row: 'wechat-rooms-row', fields: ['room'] },
  { row: 'wechat-message-rows', fields: ['message'] },
  { row: 'wechat-preview-row', fields: ['message'] },
];

/** Shows the filters that apply to the selected events; all filters when the event table could not be read. */
function showFilters(table: readonly EventSummary[]): void {
  const selectedEvents = table.filter(
    ({ name }) => selection.events.length === 0 || selection.events.includes(name as EventName),
  );
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
    from: text('from'),
    rooms: text('rooms'),
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
    applyDefaults(this, defaults, migrations);
    selection = { events: [...this.events], messageTypes: [...this.messageTypes] };
    const eventList = formElement('wechat-events');
    const showEvents = (table: readonly EventSummary[]): void => {
      // The form was closed before the runtime answered.
      if (!eventList.isConnected) return;
      showCheckboxList(eventList, {
        choices: [
          ...table.map(({ name, summary }) => ({
            value: name,
            label: name,
            summary: localize(summary),
          })),
          ...this.events
            .filter((name) => !table.some((event) => event.name === name))
            .map((name) => ({ value: name, label: name })),
        ],
        selected: selection.events,
        multiple: true,
        title: this._('label.events'),
        onChange: (events) => {
          selection.events = events as EventName[];
          showFilters(table);
        },
      });
      showFilters(table);
    };
    showEvents([]);
    fetchEvents().then(showEvents, (error: unknown) => {
      formElement('wechat-events-problem').textContent = this._('hint.unreadable', {
        error: (error as Error).message,
      });
    });
    showCheckboxList(formElement('wechat-message-types'), {
      choices: messageTypes.map((type) => ({ value: type, label: this._(`messageType.${type}`) })),
      selected: selection.messageTypes,
      multiple: true,
      title: this._('label.messageTypes'),
      compact: true,
      onChange: (types) => {
        selection.messageTypes = types as MessageTypeName[];
      },
    });
    for (const [id, kind] of [
      ['from', 'contact'],
      ['rooms', 'room'],
    ] as const) {
      const text = formElement(`node-input-${id}`) as HTMLInputElement;
      const scope = { kind, bot: selectedBot };
      attachNameSuggestions(text, { title: this._(`label.${id}`), scope, multiple: true }, this);
    }
    const download = formElement('node-input-download') as HTMLInputElement;
    $(download)
      .on('change', () => {
        setVisible('wechat-max-file-row', download.checked);
      })
      .trigger('change');
    const preview = mountFilterPreview({
      container: formElement('wechat-preview'),
      node: this,
      filter: () => ({ ...selection, ...readFilters() }),
    });
    $('#wechat-preview').closest('form').on('input change', preview.refresh);
  },
  oneditsave() {
    this.events = selection.events;
    this.messageTypes = selection.messageTypes;
  },
});
