import { fetchEvents } from '../../editor/api/admin-client.editor';
import { toChoices } from '../../editor/forms/catalog-list.editor';
import { commandPolicyFields, filePolicyFields, remoteForm } from '../../editor/forms/remote-form.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, numberError } from '../../editor/forms/validators.editor';
import { declaration, defaults, type MqttRemoteCredentials, type MqttRemoteProperties } from './properties';

addStyle();

const shared = remoteForm({
  declaration,
  lists: {
    events: { container: 'wechat-events', choices: async () => toChoices(await fetchEvents()) },
  },
});

RED.nodes.registerType<MqttRemoteProperties, MqttRemoteCredentials>('wechat-mqtt-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  outputs: 1,
  paletteLabel: shared.paletteLabel,
  labelStyle: shared.labelStyle,
  outputLabels: shared.outputLabels,
  oneditprepare: shared.oneditprepare,
  oneditsave: shared.oneditsave,
  icon: 'wechat-mqtt.svg',
  inputs: 1,
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
    allow: commandPolicyFields.allow,
    deny: commandPolicyFields.deny,
    filesFrom: filePolicyFields.filesFrom,
    maxFileMb: filePolicyFields.maxFileMb,
    fetchPrivate: filePolicyFields.fetchPrivate,
    maxCommandAge: {
      value: defaults.maxCommandAge,
      validate: validator('label.maxCommandAge', numberError),
    },
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
  label() {
    return this.name || this.clientId || this._('palette.label');
  },
  inputLabels() {
    return this._('palette.input');
  },
});
