import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { chosenBot, suggestTypedNames } from '../../editor/forms/name-field.editor';
import { typedField } from '../../editor/forms/typed-field.editor';
import { validTyped } from '../../editor/forms/typed-validators.editor';
import { wrongNames } from '../../editor/forms/validators.editor';
import { defaults, type RoomFindProperties } from './properties';

addFormStyle();

RED.nodes.registerType<RoomFindProperties>('wechat-room-find', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-find.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    query: { value: defaults.query, validate: validTyped('query', wrongNames) },
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
    fillIn(this, defaults);
    const query = typedField(
      'node-input-query',
      {
        default: 'msg',
        types: ['str', 'msg', 'flow', 'global', 'env', 'jsonata'],
        typeField: '#node-input-queryType',
      },
      this,
    );
    const where = { named: 'room', bot: chosenBot } as const;
    suggestTypedNames(query, { title: this._('label.query'), where, several: false }, this);
  },
});
