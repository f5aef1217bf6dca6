import { prepareForm } from '../../editor/forms/prepare-form.editor';
import { initContentField, isTextPossible } from '../../editor/forms/content-field.editor';
import { setVisible } from '../../editor/ui/dom.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { typedField } from '../../editor/forms/typed-field.editor';
import { contentValidator, typedValidator } from '../../editor/forms/typed-validators.editor';
import { defaults, type MessageReplyProperties, declaration } from './properties';

addFormStyle();

RED.nodes.registerType<MessageReplyProperties>('wechat-message-reply', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-reply.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    content: { value: defaults.content, validate: contentValidator },
    contentType: { value: defaults.contentType },
    contentValueType: { value: defaults.contentValueType },
    mentionTalker: { value: defaults.mentionTalker },
    messageId: {
      value: defaults.messageId,
      validate: typedValidator('messageId', (value, node) =>
        value.trim() ? undefined : node._('validation.noMessage'),
      ),
    },
    messageIdType: { value: defaults.messageIdType },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    if (this.name) return this.name;
    return this.content && this.contentType === 'Text' && this.contentValueType === 'str'
      ? this._('palette.labelText', { text: this.content })
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
    typedField(
      'node-input-messageId',
      {
        default: 'msg',
        types: ['msg', 'str', 'flow', 'global', 'env', 'jsonata'],
        typeField: '#node-input-messageIdType',
      },
      this,
    );
    initContentField(this, (type) => {
      setVisible('wechat-mention-row', isTextPossible(type));
    });
  },
  oneditsave() {
    // Only texts can mention: a hidden checkbox must not make the node fail.
    if (isTextPossible()) return;
    $('#node-input-mentionTalker').filter(':checkbox').prop('checked', false);
  },
});
