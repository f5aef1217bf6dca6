import { type CommandSummary, fetchCommands, inEditorLanguage } from '../editor/admin.editor';
import { formElement } from '../editor/dom.editor';
import { showPickList } from '../editor/pick-list.editor';
import { parameterLines, skeletonOf } from '../editor/schema-words.editor';
import { addStyle } from '../editor/style.editor';
import { checked, siblingValue, wrongObject } from '../editor/validators.editor';
import { type CommandProperties, defaults } from './properties';

addStyle();

/** What the parameters begin with when a command is chosen. */
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

RED.nodes.registerType<CommandProperties>('wechat-command', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-command.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    command: { value: defaults.command, required: true },
    params: {
      value: defaults.params,
      validate: checked('label.params', (value, node) =>
        siblingValue('paramsType', node.paramsType) === 'json' ? wrongObject(value, node) : undefined,
      ),
    },
    paramsType: { value: defaults.paramsType },
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
    const command = $<HTMLInputElement>('#node-input-command');
    const params = $('#node-input-params');
    params.typedInput({
      default: 'json',
      types: ['json', 'msg', 'flow', 'global', 'jsonata'],
      typeField: '#node-input-paramsType',
    });

    const add = (name: string, value: unknown): void => {
      if (params.typedInput('type') !== 'json') return;
      const written = parsedObject(params.typedInput('value'));
      if (!written || name in written) return;
      params.typedInput('value', JSON.stringify({ ...written, [name]: value }));
    };

    const explain = (chosen: CommandSummary | undefined): void => {
      const about = chosen ? [inEditorLanguage(chosen.summary)] : [];
      if (chosen?.readOnly) about.push(this._('hint.readOnly'));
      formElement('wechat-command-hint').textContent = about.join(' · ');
      const optional = this._('hint.optional');
      const lines = chosen
        ? parameterLines(chosen.params, { optional, title: this._('hint.add'), picked: add })
        : [];
      formElement('wechat-params').replaceChildren(...lines);
      if (chosen && lines.length === 0) formElement('wechat-params').textContent = this._('hint.noParams');
    };

    const choose = (next: CommandSummary | undefined, previous: CommandSummary | undefined): void => {
      const written = params.typedInput('value').trim();
      const untouched = ['', '{}', previous ? beginning(previous) : ''].includes(written);
      if (next && untouched && params.typedInput('type') === 'json')
        params.typedInput('value', beginning(next));
      explain(next);
    };

    const showCommands = (table: readonly CommandSummary[]): void => {
      const find = (name: string): CommandSummary | undefined => table.find((entry) => entry.name === name);
      let current = this.command;
      const known = table.map(({ name, summary }) => ({
        value: name,
        label: name,
        summary: inEditorLanguage(summary),
      }));
      const unknown = current && !find(current) ? [{ value: current, label: current }] : [];
      showPickList(formElement('wechat-commands'), {
        choices: [...unknown, ...known],
        chosen: [current],
        several: false,
        title: this._('label.command'),
        filter: { placeholder: this._('placeholder.filter'), none: this._('hint.noneFound') },
        changed: ([name = '']) => {
          choose(find(name), find(current));
          current = name;
          command.val(name).trigger('change');
        },
      });
      explain(find(current));
    };

    showCommands([]);
    fetchCommands().then(showCommands, (error: unknown) => {
      formElement('wechat-command-problem').textContent = this._('hint.unreadable', {
        error: (error as Error).message,
      });
    });
  },
});
