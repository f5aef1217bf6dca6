import { prepareForm } from '../../editor/forms/prepare-form.editor';
import { initContentField, isTextPossible } from '../../editor/forms/content-field.editor';
import { setVisible } from '../../editor/ui/dom.editor';
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
import { defaults, type RoomSayProperties, declaration } from './properties';

addFormStyle();

/** The names in the open form. */
let fields: { readonly rooms: NameField; readonly mentions: NameField } | undefined;

RED.nodes.registerType<RoomSayProperties>('wechat-room-say', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-room.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    rooms: { value: defaults.rooms, validate: typedValidator('rooms', namesError) },
    roomsType: { value: defaults.roomsType },
    mentions: { value: defaults.mentions, validate: typedValidator('mentions') },
    mentionsType: { value: defaults.mentionsType },
    content: { value: defaults.content, validate: contentValidator },
    contentType: { value: defaults.contentType },
    contentValueType: { value: defaults.contentValueType },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    if (this.name) return this.name;
    return this.rooms && this.roomsType === 'str'
      ? this._('palette.labelTo', { rooms: joinNames(this.rooms) })
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
    const types = ['str', 'msg', 'flow', 'global', 'env', 'json', 'jsonata'] as const;
    const rooms = typedField(
      'node-input-rooms',
      { default: 'str', types: [...types], typeField: '#node-input-roomsType' },
      this,
    );
    const mentions = typedField(
      'node-input-mentions',
      { default: 'str', types: [...types], typeField: '#node-input-mentionsType' },
      this,
    );
    const roomField = attachTypedNameSuggestions(
      rooms,
      {
        title: this._('label.rooms'),
        scope: { kind: 'room', bot: selectedBot },
        multiple: true,
        saved: this.rooms,
      },
      this,
    );
    const room = (): string => (rooms.field.typedInput('type') === 'str' ? rooms.text.value.trim() : '');
    const mentionField = attachTypedNameSuggestions(
      mentions,
      {
        title: this._('label.mentions'),
        scope: { kind: 'member', bot: selectedBot, room },
        multiple: true,
        saved: this.mentions,
      },
      this,
    );
    fields = { rooms: roomField, mentions: mentionField };
    initContentField(this, (type) => {
      setVisible('wechat-mentions-row', isTextPossible(type));
    });
  },
  oneditsave() {
    // Only texts can mention: a hidden field must not make the node fail.
    fields?.rooms.save(this, 'rooms');
    if (isTextPossible()) {
      fields?.mentions.save(this, 'mentions');
      return;
    }
    $('#node-input-mentions').typedInput('type', 'str');
    $('#node-input-mentions').typedInput('value', '');
  },
});
