import type { EventName } from '../../events/table';
import { fetchEvents } from '../../editor/api/admin-client.editor';
import { applyDefaults } from '../../editor/forms/apply-defaults.editor';
import { toChoices, showCatalogList } from '../../editor/forms/catalog-list.editor';
import type { Choice } from '../../editor/ui/checkbox-list.editor';
import { policyFields, mountPolicyForm } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, numberError } from '../../editor/forms/validators.editor';
import { defaults, type MqttRemoteCredentials, type MqttRemoteProperties, migrations } from './properties';

addStyle();

/** The selection in the open form: lists have no input that Node-RED could save. */
let selectedEvents = defaults.events;
let readPolicy: ReturnType<typeof mountPolicyForm> = () => defaults;

RED.nodes.registerType<MqttRemoteProperties, MqttRemoteCredentials>('wechat-mqtt-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-mqtt.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
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
    allow: policyFields.allow,
    deny: policyFields.deny,
    maxCommandAge: {
      value: defaults.maxCommandAge,
      validate: validator('label.maxCommandAge', numberError),
    },
    filesFrom: policyFields.filesFrom,
    maxFileMb: policyFields.maxFileMb,
    fetchPrivate: policyFields.fetchPrivate,
    eventTopic: { value: defaults.eventTopic },
    serviceRequestTopic: { value: defaults.serviceRequestTopic },
    serviceResponseTopic: { value: defaults.serviceResponseTopic },
    propertyTopic: { value: defaults.propertyTopic },
    outboxMaxMb: {
      value: defaults.outboxMaxMb,
      validate: validator('label.outboxMaxMb', numberError),
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
    applyDefaults(this, defaults, migrations);
    selectedEvents = [...this.events];
    const showEvents = (choices: readonly Choice[]): void => {
      showCatalogList('wechat-events', {
        title: this._('label.events'),
        choices,
        selected: selectedEvents,
        onChange: (names) => {
          selectedEvents = names as EventName[];
        },
      });
    };
    showEvents([]);
    fetchEvents().then(
      (table) => {
        showEvents(toChoices(table));
      },
      () => undefined,
    );
    readPolicy = mountPolicyForm(this);
  },
  oneditsave() {
    Object.assign(this, readPolicy(), { events: selectedEvents });
  },
});
