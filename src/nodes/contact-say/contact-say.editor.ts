import { prepareContent } from '../editor/content-field.editor';
import { addStyle } from '../editor/style.editor';
import { checked, siblingValue, wrongNames } from '../editor/validators.editor';
import { type ContactSayProperties, defaults } from './properties';

addStyle();

RED.nodes.registerType<ContactSayProperties>('wechat-contact-say', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-contact.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    to: {
      value: defaults.to,
      validate: checked('label.to', (value, node) =>
        siblingValue('toType', node.toType) === 'str' ? wrongNames(value, node) : undefined,
      ),
    },
    toType: { value: defaults.toType },
    content: { value: defaults.content, validate: RED.validators.typedInput('contentValueType') },
    contentType: { value: defaults.contentType },
    contentValueType: { value: defaults.contentValueType },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    if (this.name) return this.name;
    return this.to && this.toType === 'str'
      ? this._('palette.labelTo', { to: this.to })
      : this._('palette.label');
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
    $('#node-input-to').typedInput({
      default: 'str',
      types: ['str', 'msg', 'flow', 'global', 'env', 'json', 'jsonata'],
      typeField: '#node-input-toType',
    });
    prepareContent(this);
  },
});
