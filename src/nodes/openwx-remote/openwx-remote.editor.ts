import { commandPolicyFields, filePolicyFields, remoteForm } from '../../editor/forms/remote-form.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, numberError, portError, urlError } from '../../editor/forms/validators.editor';
import {
  declaration,
  defaults,
  type OpenwxRemoteCredentials,
  type OpenwxRemoteProperties,
  postEvents,
} from './properties';

addStyle();

const shared = remoteForm({
  declaration,
  lists: {
    postEvents: {
      container: 'wechat-post-events',
      choices: (node) =>
        postEvents.map((name) => ({ value: name, label: name, summary: node._(`event.${name}`) })),
    },
  },
});

RED.nodes.registerType<OpenwxRemoteProperties, OpenwxRemoteCredentials>('wechat-openwx-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  outputs: 1,
  paletteLabel: shared.paletteLabel,
  label: shared.label,
  labelStyle: shared.labelStyle,
  outputLabels: shared.outputLabels,
  oneditprepare: shared.oneditprepare,
  oneditsave: shared.oneditsave,
  icon: 'wechat-openwx.svg',
  inputs: 0,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: validator('label.port', portError) },
    postApi: { value: defaults.postApi, validate: validator('label.postApi', urlError) },
    postEvents: { value: defaults.postEvents },
    postMediaData: { value: defaults.postMediaData },
    pollApi: { value: defaults.pollApi, validate: validator('label.pollApi', urlError) },
    pollInterval: { value: defaults.pollInterval, validate: validator('label.pollInterval', numberError) },
    eventQueueSize: {
      value: defaults.eventQueueSize,
      validate: validator('label.eventQueueSize', numberError),
    },
    allowStop: { value: defaults.allowStop },
    allow: commandPolicyFields.allow,
    deny: commandPolicyFields.deny,
    filesFrom: filePolicyFields.filesFrom,
    maxFileMb: filePolicyFields.maxFileMb,
    fetchPrivate: filePolicyFields.fetchPrivate,
  },
  credentials: {
    token: { type: 'password' },
  },
});
