import { commandPolicyFields, filePolicyFields, remoteForm } from '../../editor/forms/remote-form.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, portError } from '../../editor/forms/validators.editor';
import {
  declaration,
  defaults,
  type PadchatRemoteCredentials,
  type PadchatRemoteProperties,
  protocolVersions,
} from './properties';

addStyle();

const shared = remoteForm({
  declaration,
  lists: {
    generations: {
      container: 'wechat-generations',
      choices: (node) =>
        protocolVersions.map((name) => ({ value: name, label: name, summary: node._(`generation.${name}`) })),
    },
  },
});

RED.nodes.registerType<PadchatRemoteProperties, PadchatRemoteCredentials>('wechat-padchat-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  outputs: 1,
  paletteLabel: shared.paletteLabel,
  label: shared.label,
  labelStyle: shared.labelStyle,
  outputLabels: shared.outputLabels,
  oneditprepare: shared.oneditprepare,
  oneditsave: shared.oneditsave,
  icon: 'wechat-padchat.svg',
  inputs: 0,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: validator('label.port', portError) },
    generations: { value: defaults.generations },
    allow: commandPolicyFields.allow,
    deny: commandPolicyFields.deny,
    filesFrom: filePolicyFields.filesFrom,
    maxFileMb: filePolicyFields.maxFileMb,
    fetchPrivate: filePolicyFields.fetchPrivate,
  },
  credentials: {
    authKeys: { type: 'password' },
  },
});
