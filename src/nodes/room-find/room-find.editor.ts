import { prepareForm } from '../../editor/forms/prepare-form.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { selectedBot, attachTypedNameSuggestions } from '../../editor/forms/name-field.editor';
import { typedField } from '../../editor/forms/typed-field.editor';
import { typedValidator } from '../../editor/forms/typed-validators.editor';
import { namesError } from '../../editor/forms/validators.editor';
import { defaults, type RoomFindProperties, declaration } from './properties';

addFormStyle();

RED.nodes.registerType<RoomFindProperties>('wechat-room-find', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-find.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    query: { value: defaults.query, validate: typedValidator('query', namesError) },
    queryType: { value: defaults.queryType },
    result: { value: defaults.result },
    members: { value: defaults.members },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    if (this.name) return this.name;
    return this.query && this.queryType === 'str'
      ? this._('palette.labelQuery', { query: this.query })
      : this._('palette.label');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  inputLabels() {
    return this._('palette.input');
  },
  outputLabels() {
    return this._(`palette.output.${this.result}`);
  },
  oneditprepare() {
    prepareForm(this, declaration);
    const query = typedField(
      'node-input-query',
      {
        default: 'msg',
        types: ['str', 'msg', 'flow', 'global', 'env', 'jsonata'],
        typeField: '#node-input-queryType',
      },
      this,
    );
    const scope = { kind: 'room', bot: selectedBot } as const;
    attachTypedNameSuggestions(query, { title: this._('label.query'), scope, multiple: false }, this);
  },
});
