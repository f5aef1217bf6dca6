import { commandPolicyFields, filePolicyFields, remoteForm } from '../../editor/forms/remote-form.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, numberError, urlError } from '../../editor/forms/validators.editor';
import { declaration, defaults, type WehelpRemoteProperties } from './properties';

addStyle();

const shared = remoteForm({ declaration });

RED.nodes.registerType<WehelpRemoteProperties>('wechat-wehelp-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  outputs: 1,
  paletteLabel: shared.paletteLabel,
  label: shared.label,
  labelStyle: shared.labelStyle,
  outputLabels: shared.outputLabels,
  oneditprepare: shared.oneditprepare,
  oneditsave: shared.oneditsave,
  icon: 'wechat-wehelp.svg',
  inputs: 0,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    callbackUrl: { value: defaults.callbackUrl, validate: validator('label.callbackUrl', urlError) },
    pollUrl: { value: defaults.pollUrl, validate: validator('label.pollUrl', urlError) },
    pollInterval: { value: defaults.pollInterval, validate: validator('label.pollInterval', numberError) },
    timeUnit: { value: defaults.timeUnit },
    allow: commandPolicyFields.allow,
    deny: commandPolicyFields.deny,
    filesFrom: filePolicyFields.filesFrom,
    maxFileMb: filePolicyFields.maxFileMb,
    fetchPrivate: filePolicyFields.fetchPrivate,
    outboxMaxMb: { value: defaults.outboxMaxMb, validate: validator('label.outboxMaxMb', numberError) },
  },
});
