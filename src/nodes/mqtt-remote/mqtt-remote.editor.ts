import type { EventName } from '../../bot/event';
import { fetchCommands, fetchEvents, inEditorLanguage } from '../editor/admin.editor';
import { formElement } from '../editor/dom.editor';
import { type Choice, showPickList } from '../editor/pick-list.editor';
import { addStyle } from '../editor/style.editor';
import { checked, wrongNumber } from '../editor/validators.editor';
import { defaults, type MqttRemoteCredentials, type MqttRemoteProperties } from './properties';

addStyle();

/** What is chosen in the open form: lists have no input of their own that Node-RED could save. */
let chosen: Pick<MqttRemoteProperties, 'events' | 'allow' | 'deny'> = defaults;

RED.nodes.registerType<MqttRemoteProperties, MqttRemoteCredentials>('wechat-mqtt-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-mqtt.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    url: { value: defaults.url, required: true },
    clientId: { value: defaults.clientId, validate: (value: string) => !/[#+/]/.test(value) },
    protocolVersion: { value: defaults.protocolVersion },
    qos: { value: defaults.qos },
    tls: { value: defaults.tls, type: 'tls-config', required: false },
    events: { value: defaults.events },
    simple: { value: defaults.simple },
    sealed: { value: defaults.sealed },
    allow: { value: defaults.allow },
    deny: { value: defaults.deny },
    maxCommandAge: {
      value: defaults.maxCommandAge,
      validate: checked('label.maxCommandAge', wrongNumber),
    },
    filesFrom: { value: defaults.filesFrom },
    maxFileMb: {
      value: defaults.maxFileMb,
      validate: checked('label.maxFileMb', wrongNumber),
    },
    fetchPrivate: { value: defaults.fetchPrivate },
    eventTopic: { value: defaults.eventTopic },
    serviceRequestTopic: { value: defaults.serviceRequestTopic },
    serviceResponseTopic: { value: defaults.serviceResponseTopic },
    propertyTopic: { value: defaults.propertyTopic },
    outboxMaxMb: {
      value: defaults.outboxMaxMb,
      validate: checked('label.outboxMaxMb', wrongNumber),
    },
  },
  credentials: {
    username: { type: 'text' },
    password: { type: 'password' },
    secretKey: { type: 'password' },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    return this.name || this.clientId || this._('palette.label');
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
    chosen = { events: [...this.events], allow: [...this.allow], deny: [...this.deny] };
    const show = (container: string, property: keyof typeof chosen, choices: readonly Choice[]): void => {
      const known = new Set(choices.map(({ value }) => value));
      const others = this[property].filter((name) => !known.has(name));
      showPickList(formElement(container), {
        choices: [...choices, ...others.map((name) => ({ value: name, label: name }))],
        chosen: chosen[property],
        several: true,
        title: this._(`label.${property}`),
        changed: (names) => {
          chosen = { ...chosen, [property]: names as EventName[] };
        },
      });
    };
    const showCommands = (choices: readonly Choice[]): void => {
      const preset = { value: 'read-only', label: 'read-only', summary: this._('hint.readOnly') };
      show('wechat-allow', 'allow', [preset, ...choices]);
      show('wechat-deny', 'deny', choices);
    };
    show('wechat-events', 'events', []);
    showCommands([]);
    fetchEvents().then(
      (table) => {
        show(
          'wechat-events',
          'events',
          table.map(({ name, summary }) => ({
            value: name,
            label: name,
            summary: inEditorLanguage(summary),
          })),
        );
      },
      () => undefined,
    );
    fetchCommands().then(
      (table) => {
        showCommands(
          table.map(({ name, summary }) => ({
            value: name,
            label: name,
            summary: inEditorLanguage(summary),
          })),
        );
      },
      () => undefined,
    );
  },
  oneditsave() {
    Object.assign(this, chosen);
  },
});
