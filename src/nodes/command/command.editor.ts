import type { WidgetTypedInputType } from '@node-red/editor-client';
import type { CommandSummary } from '../../admin/api-types';
import { fetchCommands } from '../../editor/api/admin-client.editor';
import { localize } from '../../editor/api/localize.editor';
import { attachCombobox, type Suggestions } from '../../editor/ui/combobox.editor';
import { prepareForm } from '../../editor/forms/prepare-form.editor';
import type { Translator } from '../../editor/ui/translate.editor';
import { element, formElement, setVisible } from '../../editor/ui/dom.editor';
import type { ObjectEditor } from '../../editor/forms/object-editor.editor';
import { isVariable } from '../../editor/forms/variable-field.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { showParameterForm, parametersError } from '../../editor/forms/parameter-form.editor';
import { cacheTable } from '../../editor/api/cached-table.editor';
import { schemaError } from '../../editor/forms/schema-validation.editor';
import { parameterLines, skeletonOf } from '../../editor/forms/schema-text.editor';
import { linkHints, typedField } from '../../editor/forms/typed-field.editor';
import { typedError } from '../../editor/forms/typed-validators.editor';
import { validator, siblingValue, objectError } from '../../editor/forms/validators.editor';
import { type Fields, fieldsFrom, fixedObject, parseFields } from '../shared/typed-inputs';
import { type CommandProperties, defaults, firstSource, type ParamsSource, declaration } from './properties';

addFormStyle();

const commandTable = cacheTable(fetchCommands);

/** The initial JSON of the parameters after a command is selected. */
function initialJson({ params }: CommandSummary): string {
  return JSON.stringify(skeletonOf(params));
}

/** Parses a JSON object; undefined if the text is not one. */
function parsedObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text || '{}');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Converts saved parameters, either fields or JSON, to fields. */
function parseSaved(type: string, value: string): Fields {
  try {
    if (type === 'fields') return parseFields(value);
    return type === 'json' ? fieldsFrom(parsedObject(value) ?? {}) : {};
  } catch {
    return {};
  }
}

/** Validates all command nodes again, once the command table is loaded. */
function revalidateNodes(): void {
  RED.nodes.eachNode((node) => {
    if (node.type === 'wechat-command') RED.editor.validateNode(node);
    return true;
  });
  RED.view.redraw();
}

/** The part of a node that validators read. */
type ValidatedNode = Pick<CommandProperties, 'command' | 'paramsType'> & Translator;

/** The source of the parameters; generated flows may omit it. */
function sourceOf({ paramsType }: { readonly paramsType?: ParamsSource }): ParamsSource {
  return paramsType ?? defaults.paramsType;
}

function commandError(name: string, node: ValidatedNode): string | undefined {
  if (name.trim() === '') return node._('validation.noCommand');
  const table = commandTable.peek(revalidateNodes);
  const known = table === undefined || name.startsWith('${') || table.some((entry) => entry.name === name);
  return known ? undefined : node._('validation.noSuchCommand', { name });
}

function paramsError(value: string, node: ValidatedNode): string | undefined {
  const type = siblingValue('paramsType', sourceOf(node));
  const name = siblingValue('command', node.command);
  const command = commandTable.peek(revalidateNodes)?.find((entry) => entry.name === name);
  if (type === 'fields') return command ? parametersError(value, command, node) : undefined;
  if (type !== 'json') return typedError(value, type, node);
  const wrong = objectError(value, node);
  const parsed = wrong === undefined ? parsedObject(value) : undefined;
  return parsed && command ? schemaError(parsed, command.params, node) : wrong;
}

RED.nodes.registerType<CommandProperties>('wechat-command', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-command.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    command: { value: defaults.command, validate: validator('label.command', commandError) },
    params: { value: defaults.params, validate: validator('label.params', paramsError) },
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
    prepareForm(this, declaration);
    const source = sourceOf(this);
    const command = formElement('node-input-command') as HTMLInputElement;
    const rowContainer = formElement('wechat-param-rows');
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
    let selectedCommand: CommandSummary | undefined;
    let rows: ObjectEditor | undefined;
    let last: { type: string; value: string } = { type: source, value: this.params };

    const showProblem = (): void => {
      const isShown = last.type === 'fields' && selectedCommand !== undefined;
      const wrong =
        isShown && selectedCommand ? parametersError(last.value, selectedCommand, this) : undefined;
      problem.textContent = wrong ?? '';
    };
    const saveRows = (): void => {
      if (rows) params.typedInput('value', JSON.stringify(rows.read()));
    };
    const showRows = (fields: Fields): void => {
      rows = undefined;
      rowContainer.replaceChildren();
      // The fields that a variable holds are known at run time only.
      if (!selectedCommand || isVariable(last.value)) return;
      rows = showParameterForm(rowContainer, selectedCommand, {
        saved: fields,
        node: this,
        onChange: saveRows,
      });
      saveRows();
    };
    const addParameter = (name: string, value: unknown): void => {
      const current = last.type === 'json' ? parsedObject(last.value) : undefined;
      if (!current || name in current) return;
      params.typedInput('value', JSON.stringify({ ...current, [name]: value }));
    };
    const showHelp = (): void => {
      const isFields = last.type === 'fields';
      const about = selectedCommand ? [localize(selectedCommand.summary)] : [];
      if (selectedCommand?.readOnly) about.push(this._('hint.readOnly'));
      formElement('wechat-command-hint').textContent = about.join(' · ');
      const help = { optional: this._('hint.optional'), title: this._('hint.add'), onPick: addParameter };
      const lines = selectedCommand ? parameterLines(selectedCommand.params, help) : [];
      const lineList = formElement('wechat-params');
      lineList.replaceChildren(...(isFields ? [] : lines));
      if (selectedCommand && lines.length === 0) lineList.textContent = this._('hint.noParams');
      if (!selectedCommand && isFields) lineList.textContent = this._('hint.chooseCommand');
      setVisible('wechat-param-rows', isFields);
    };

    params.on('change keyup paste', () => {
      const before = last;
      last = {
        type: params.typedInput('type'),
        value: params.typedInput('value'),
      };
      if (last.type !== before.type) {
        if (last.type === 'fields') showRows(parseSaved(before.type, before.value));
        else if (before.type === 'fields') {
          rows = undefined;
          rowContainer.replaceChildren();
          const fixed = fixedObject(parseSaved(before.type, before.value));
          if (last.type === 'json' && fixed) params.typedInput('value', JSON.stringify(fixed));
        }
        showHelp();
      }
      showProblem();
    });

    const choose = (name: string): void => {
      const next = table.find((entry) => entry.name === name.trim());
      if (next === selectedCommand) return;
      const previous = selectedCommand;
      selectedCommand = next;
      const current = last.value.trim();
      const untouched = ['', '{}', previous ? initialJson(previous) : ''].includes(current);
      if (last.type === 'fields') {
        const known = selectedCommand?.params.properties ?? {};
        const remaining = Object.entries(parseSaved('fields', last.value)).filter(
          ([parameter]) => previous === undefined || Object.hasOwn(known, parameter),
        );
        showRows(Object.fromEntries(remaining));
      } else if (last.type === 'json' && previous && next && untouched) {
        params.typedInput('value', initialJson(next));
      }
      showHelp();
      showProblem();
    };

    // Opening the list on a complete name shows all commands.
    let completedName = command.value;
    const matchingCommands = (query: string): Suggestions => {
      const wanted = query === completedName ? '' : query.trim().toLowerCase();
      const isMatch = ({ name, summary }: CommandSummary): boolean =>
        [name, summary['en-US'], summary['zh-CN']].some((text) => text.toLowerCase().includes(wanted));
      const entries = table
        .filter(isMatch)
        .map(({ name, summary }) => ({ value: name, label: name, detail: localize(summary) }));
      return entries.length > 0 ? { entries } : { entries, notice: this._('hint.noneFound') };
    };
    linkHints(command);
    attachCombobox(command, {
      title: this._('label.command'),
      search: matchingCommands,
    });
    $(command)
      .on('change', () => {
        completedName = command.value;
      })
      .on('change keyup', () => {
        choose(command.value);
      });
    showHelp();
    commandTable.read().then(
      (commands) => {
        if (!command.isConnected) return;
        table = commands;
        choose(command.value);
      },
      (error: unknown) => {
        const problem = this._('hint.unreadable', { error: (error as Error).message });
        formElement('wechat-command-problem').replaceChildren(element('span', {}, problem));
      },
    );
  },
});
