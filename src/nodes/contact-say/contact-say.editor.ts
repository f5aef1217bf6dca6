import { prepareForm } from '../../editor/forms/prepare-form.editor';
import { initContentField } from '../../editor/forms/content-field.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import {
  selectedBot,
  attachTypedNameSuggestions,
  joinNames,
  type NameField,
} from '../../editor/forms/name-field.editor';
import { typedField } from '../../editor/forms/typed-field.editor';
import { contentValidator, typedValidator } from '../../editor/forms/typed-validators.editor';
import { namesError } from '../../editor/forms/validators.editor';
import { type ContactSayProperties, defaults, declaration } from './properties';

addFormStyle();

/** The recipients in the open form. */
let recipients: NameField | undefined;

RED.nodes.registerType<ContactSayProperties>('wechat-contact-say', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-contact.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    to: { value: defaults.to, validate: typedValidator('to', namesError) },
    toType: { value: defaults.toType },
    content: { value: defaults.content, validate: contentValidator },
    contentType: { value: defaults.contentType },
    contentValueType: { value: defaults.contentValueType },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    if (this.name) return this.name;
    return this.to && this.toType === 'str'
      ? this._('palette.labelTo', { to: joinNames(this.to) })
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
    prepareForm(this, declaration);
    const to = typedField(
      'node-input-to',
      {
        default: 'str',
        types: ['str', 'msg', 'flow', 'global', 'env', 'json', 'jsonata'],
        typeField: '#node-input-toType',
      },
      this,
    );
    const scope = { kind: 'contact', bot: selectedBot } as const;
    recipients = attachTypedNameSuggestions(
      to,
      { title: this._('label.to'), scope, multiple: true, saved: this.to },
      this,
    );
    initContentField(this);
  },
  oneditsave() {
    recipients?.save(this, 'to');
  },
});
