import type { WidgetTypedInputType } from '@node-red/editor-client';
import { type CommandSummary, fetchCommands, inEditorLanguage } from '../../editor/api/admin-client.editor';
import { suggest, type Suggestions } from '../../editor/ui/combobox.editor';
import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { element, formElement, setShown } from '../../editor/ui/dom.editor';
import type { FieldRows } from '../../editor/forms/object-editor.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { showParameters, wrongParameters } from '../../editor/forms/parameter-form.editor';
import { remember } from '../../editor/api/cached-table.editor';
import { wrongBySchema } from '../../editor/forms/schema-validation';
import { parameterLines, skeletonOf } from '../../editor/forms/schema-text.editor';
import { describe, typedField } from '../../editor/forms/typed-field.editor';
import { wrongTyped } from '../../editor/forms/typed-validators.editor';
import { checked, siblingValue, wrongObject } from '../../editor/forms/validators.editor';
import { type Fields, fieldsFrom, fixedObject, parseFields } from '../shared/typed-inputs';
import { type CommandProperties, defaults, firstSource, type ParamsSource } from './properties';

addFormStyle();

const commandTable = remember(fetchCommands);

/** What the JSON of the parameters begins with when a command is chosen. */
function beginning({ params }: CommandSummary): string {
  return JSON.stringify(skeletonOf(params));
}

/** The object written as JSON, or undefined while it is none. */
function parsedObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text || '{}');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The fields in what is saved, whether it was saved as fields or as JSON. */
function fieldsIn(type: string, value: string): Fields {
  try {
    if (type === 'fields') return parseFields(value);
    return type === 'json' ? fieldsFrom(parsedObject(value) ?? {}) : {};
  } catch {
    return {};
  }
}

/** Marks the nodes anew once the commands are known. */
function validateAll(): void {
  RED.nodes.eachNode((node) => {
    if ((node as { type?: unknown }).type === 'wechat-command') RED.editor.validateNode(node);
    return true;
  });
  RED.view.redraw();
}

/** What a node is checked with. */
type Checked = Pick<CommandProperties, 'command' | 'paramsType'> & {
  _(key: string, values?: Record<string, string>): string;
};

/** Where the parameters come from; a flow that a program has written may not say so. */
function sourceOf({ paramsType }: { readonly paramsType?: ParamsSource }): ParamsSource {
  return paramsType ?? defaults.paramsType;
}

function wrongCommand(name: string, node: Checked): string | undefined {
  if (name.trim() === '') return node._('wrong.noCommand');
  const table = commandTable.known(validateAll);
  const known = table === undefined || name.startsWith('${') || table.some((entry) => entry.name === name);
  return known ? undefined : node._('wrong.noSuchCommand', { name });
}

function wrongParams(value: string, node: Checked): string | undefined {
  const type = siblingValue('paramsType', sourceOf(node));
  const name = siblingValue('command', node.command);
  const command = commandTable.known(validateAll)?.find((entry) => entry.name === name);
  if (type === 'fields') return command ? wrongParameters(value, command, node) : undefined;
  if (type !== 'json') return wrongTyped(value, type, node);
  const wrong = wrongObject(value, node);
  const parsed = wrong === undefined ? parsedObject(value) : undefined;
  return parsed && command ? wrongBySchema(parsed, command.params, node) : wrong;
}

RED.nodes.registerType<CommandProperties>('wechat-command', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-command.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    command: { value: defaults.command, validate: checked('label.command', wrongCommand) },
    params: { value: defaults.params, validate: checked('label.params', wrongParams) },
    paramsType: { value: firstSource },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    return this.name || this.command || this._('palette.label');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  inputLabels() {
    return this._('palette.input');
  },
  outputLabels() {
    return this._('palette.output');
  },
  oneditprepare() {
    fillIn(this, defaults);
    const source = sourceOf(this);
    const command = formElement('node-input-command') as HTMLInputElement;
    const place = formElement('wechat-param-rows');
    const problem = formElement('wechat-params-problem');
    const types: (
      WidgetTypedInputType | { value: string; label: string; icon: string; hasValue: boolean }
    )[] = [
      { value: 'fields', label: this._('field.fields'), icon: 'fa fa-list-alt', hasValue: false },
      'json',
      'msg',
      'flow',
      'global',
      'jsonata',
    ];
    $('#node-input-paramsType').val(source);
    const params = typedField(
      'node-input-params',
      { default: source, types, typeField: '#node-input-paramsType' },
      this,
    ).field;
    let table: readonly CommandSummary[] = [];
    let chosen: CommandSummary | undefined;
    let rows: FieldRows | undefined;
    let last: { type: string; value: string } = { type: source, value: this.params };

    const tell = (): void => {
      const isShown = last.type === 'fields' && chosen !== undefined;
      const wrong = isShown && chosen ? wrongParameters(last.value, chosen, this) : undefined;
      problem.textContent = wrong ?? '';
    };
    const keep = (): void => {
      if (rows) params.typedInput('value', JSON.stringify(rows.read()));
    };
    const showRows = (fields: Fields): void => {
      rows = undefined;
      place.replaceChildren();
      if (!chosen) return;
      rows = showParameters(place, chosen, { saved: fields, node: this, changed: keep });
      keep();
    };
    const add = (name: string, value: unknown): void => {
      const written = last.type === 'json' ? parsedObject(last.value) : undefined;
      if (!written || name in written) return;
      params.typedInput('value', JSON.stringify({ ...written, [name]: value }));
    };
    const explain = (): void => {
      const isFields = last.type === 'fields';
      const about = chosen ? [inEditorLanguage(chosen.summary)] : [];
      if (chosen?.readOnly) about.push(this._('hint.readOnly'));
      formElement('wechat-command-hint').textContent = about.join(' · ');
      const help = { optional: this._('hint.optional'), title: this._('hint.add'), picked: add };
      const lines = chosen ? parameterLines(chosen.params, help) : [];
      const lineup = formElement('wechat-params');
      lineup.replaceChildren(...(isFields ? [] : lines));
      if (chosen && lines.length === 0) lineup.textContent = this._('hint.noParams');
      if (!chosen && isFields) lineup.textContent = this._('hint.chooseCommand');
      setShown('wechat-param-rows', isFields);
    };

    params.on('change keyup paste', () => {
      const before = last;
      last = {
        type: params.typedInput('type'),
        value: params.typedInput('value'),
      };
      if (last.type !== before.type) {
        if (last.type === 'fields') showRows(fieldsIn(before.type, before.value));
        else if (before.type === 'fields') {
          rows = undefined;
          place.replaceChildren();
          const fixed = fixedObject(fieldsIn(before.type, before.value));
          if (last.type === 'json' && fixed) params.typedInput('value', JSON.stringify(fixed));
        }
        explain();
      }
      tell();
    });

    const choose = (name: string): void => {
      const next = table.find((entry) => entry.name === name.trim());
      if (next === chosen) return;
      const previous = chosen;
      chosen = next;
      const written = last.value.trim();
      const untouched = ['', '{}', previous ? beginning(previous) : ''].includes(written);
      if (last.type === 'fields') {
        const known = chosen?.params.properties ?? {};
        const kept = Object.entries(fieldsIn('fields', last.value)).filter(
          ([parameter]) => previous === undefined || Object.hasOwn(known, parameter),
        );
        showRows(Object.fromEntries(kept));
      } else if (last.type === 'json' && previous && next && untouched) {
        params.typedInput('value', beginning(next));
      }
      explain();
      tell();
    };

    // The list of a name that is complete shows all the others.
    let complete = command.value;
    const found = (query: string): Suggestions => {
      const wanted = query === complete ? '' : query.trim().toLowerCase();
      const isWanted = ({ name, summary }: CommandSummary): boolean =>
        [name, summary['en-US'], summary['zh-CN']].some((words) => words.toLowerCase().includes(wanted));
      const entries = table
        .filter(isWanted)
        .map(({ name, summary }) => ({ value: name, label: name, detail: inEditorLanguage(summary) }));
      return entries.length > 0 ? { entries } : { entries, notice: this._('hint.noneFound') };
    };
    describe(command);
    suggest(command, {
      title: this._('label.command'),
      searching: this._('pick.searching'),
      search: (query) => Promise.resolve(found(query)),
    });
    $(command)
      .on('change', () => {
        complete = command.value;
      })
      .on('change keyup', () => {
        choose(command.value);
      });
    explain();
    commandTable.read().then(
      (commands) => {
        if (!command.isConnected) return;
        table = commands;
        choose(command.value);
      },
      (error: unknown) => {
        const told = this._('hint.unreadable', { error: (error as Error).message });
        formElement('wechat-command-problem').replaceChildren(element('span', {}, told));
      },
    );
  },
});
