import type { EventName } from '../../bot/events';
import type { MessageTypeName } from '../../bot/views';
import { type EventSummary, fetchEvents, inEditorLanguage } from '../../editor/api/admin-client.editor';
import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { formElement, setShown } from '../../editor/ui/dom.editor';
import { showPickList } from '../../editor/ui/checkbox-list.editor';
import { previewFilter } from '../../editor/forms/filter-preview.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { chosenBot, suggestNames } from '../../editor/forms/name-field.editor';
import {
  checked,
  siblingValue,
  wrongNames,
  wrongNumber,
  wrongPattern,
} from '../../editor/forms/validators.editor';
import { defaults, messageTypes, type OnEventProperties } from './properties';

addFormStyle();

/** What is chosen in the open form: lists have no input of their own that Node-RED could save. */
let chosen: Pick<OnEventProperties, 'events' | 'messageTypes'> = defaults;

/** Which rows of the form filter events that have one of these fields. */
const filters: readonly { readonly row: string; readonly fields: readonly string[] }[] = [
  { row: 'wechat-from-row', fields: ['talker', 'contact', 'inviter'] },
  { row: 'wechat-rooms-row', fields: ['room'] },
  { row: 'wechat-message-rows', fields: ['message'] },
  { row: 'wechat-preview-row', fields: ['message'] },
];

/** Shows the filters that fit the chosen events; all of them when the table of events could not be read. */
function showFilters(table: readonly EventSummary[]): void {
  const listened = table.filter(
    ({ name }) => chosen.events.length === 0 || chosen.events.includes(name as EventName),
  );
  const fields = new Set(listened.flatMap(({ schema }) => Object.keys(schema.properties ?? {})));
  for (const { row, fields: wanted } of filters) {
    setShown(row, table.length === 0 || wanted.some((field) => fields.has(field)));
  }
}

/** The filters in the inputs of the open form. */
function typedFilters(): Partial<OnEventProperties> {
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
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    events: { value: defaults.events },
    from: { value: defaults.from, validate: checked('label.from', wrongNames) },
    rooms: { value: defaults.rooms, validate: checked('label.rooms', wrongNames) },
    messageTypes: { value: defaults.messageTypes },
    textMatch: {
      value: defaults.textMatch,
      validate: checked('label.textMatch', (value, node) =>
        siblingValue('textMatchType', node.textMatchType) === 'regex' ? wrongPattern(value, node) : undefined,
      ),
    },
    textMatchType: { value: defaults.textMatchType },
    mentioned: { value: defaults.mentioned },
    includeSelf: { value: defaults.includeSelf },
    download: { value: defaults.download },
    maxFileMb: {
      value: defaults.maxFileMb,
      validate: checked('label.maxFileMb', wrongNumber),
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
    fillIn(this, defaults);
    chosen = { events: [...this.events], messageTypes: [...this.messageTypes] };
    const eventList = formElement('wechat-events');
    const showEvents = (table: readonly EventSummary[]): void => {
      // The form was closed before the runtime answered.
      if (!eventList.isConnected) return;
      showPickList(eventList, {
        choices: [
          ...table.map(({ name, summary }) => ({
            value: name,
            label: name,
            summary: inEditorLanguage(summary),
          })),
          ...this.events
            .filter((name) => !table.some((event) => event.name === name))
            .map((name) => ({ value: name, label: name })),
        ],
        chosen: chosen.events,
        several: true,
        title: this._('label.events'),
        changed: (events) => {
          chosen.events = events as EventName[];
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
    showPickList(formElement('wechat-message-types'), {
      choices: messageTypes.map((type) => ({ value: type, label: this._(`messageType.${type}`) })),
      chosen: chosen.messageTypes,
      several: true,
      title: this._('label.messageTypes'),
      compact: true,
      changed: (types) => {
        chosen.messageTypes = types as MessageTypeName[];
      },
    });
    for (const [id, named] of [
      ['from', 'contact'],
      ['rooms', 'room'],
    ] as const) {
      const text = formElement(`node-input-${id}`) as HTMLInputElement;
      const where = { named, bot: chosenBot };
      suggestNames(text, { title: this._(`label.${id}`), where, several: true }, this);
    }
    const download = formElement('node-input-download') as HTMLInputElement;
    $(download)
      .on('change', () => {
        setShown('wechat-max-file-row', download.checked);
      })
      .trigger('change');
    const preview = previewFilter({
      container: formElement('wechat-preview'),
      node: this,
      filter: () => ({ ...chosen, ...typedFilters() }),
    });
    $('#wechat-preview').closest('form').on('input change', preview.again);
  },
  oneditsave() {
    this.events = chosen.events;
    this.messageTypes = chosen.messageTypes;
  },
});
