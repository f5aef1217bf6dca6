import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { prepareContent } from '../../editor/forms/content-field.editor';
import { setShown } from '../../editor/ui/dom.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { chosenBot, suggestTypedNames } from '../../editor/forms/name-field.editor';
import { typedField } from '../../editor/forms/typed-field.editor';
import { validContent, validTyped } from '../../editor/forms/typed-validators.editor';
import { wrongNames } from '../../editor/forms/validators.editor';
import { defaults, type RoomSayProperties } from './properties';

addFormStyle();

RED.nodes.registerType<RoomSayProperties>('wechat-room-say', {
  category: 'WeChat',
  color: '#9BD8A9',
  icon: 'wechat-room.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    rooms: { value: defaults.rooms, validate: validTyped('rooms', wrongNames) },
    roomsType: { value: defaults.roomsType },
    mentions: { value: defaults.mentions, validate: validTyped('mentions') },
    mentionsType: { value: defaults.mentionsType },
    content: { value: defaults.content, validate: validContent },
    contentType: { value: defaults.contentType },
    contentValueType: { value: defaults.contentValueType },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    if (this.name) return this.name;
    return this.rooms && this.roomsType === 'str'
      ? this._('palette.labelTo', { rooms: this.rooms })
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
    fillIn(this, defaults);
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
    suggestTypedNames(
      rooms,
      { title: this._('label.rooms'), where: { named: 'room', bot: chosenBot }, several: true },
      this,
    );
    const room = (): string => (rooms.field.typedInput('type') === 'str' ? rooms.text.value.trim() : '');
    suggestTypedNames(
      mentions,
      { title: this._('label.mentions'), where: { named: 'member', bot: chosenBot, room }, several: true },
      this,
    );
    prepareContent(this, (type) => {
      setShown('wechat-mentions-row', type === 'Text');
    });
  },
  oneditsave() {
    // Only a text can mention: what is not shown should not make the node fail.
    if ($('#node-input-contentType').val() === 'Text') return;
    $('#node-input-mentions').typedInput('type', 'str');
    $('#node-input-mentions').typedInput('value', '');
  },
});
