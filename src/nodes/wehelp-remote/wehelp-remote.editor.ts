import { applyDefaults } from '../../editor/forms/apply-defaults.editor';
import { policyFields, mountPolicyForm } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, numberError, urlError } from '../../editor/forms/validators.editor';
import { defaults, type WehelpRemoteProperties, migrations } from './properties';

addStyle();

/** The selection in the open form: lists have no input that Node-RED could save. */
let readPolicy: ReturnType<typeof mountPolicyForm> = () => defaults;

RED.nodes.registerType<WehelpRemoteProperties>('wechat-wehelp-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-wehelp.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    callbackUrl: { value: defaults.callbackUrl, validate: validator('label.callbackUrl', urlError) },
    pollUrl: { value: defaults.pollUrl, validate: validator('label.pollUrl', urlError) },
    pollInterval: { value: defaults.pollInterval, validate: validator('label.pollInterval', numberError) },
    timeUnit: { value: defaults.timeUnit },
    allow: policyFields.allow,
    deny: policyFields.deny,
    filesFrom: policyFields.filesFrom,
    maxFileMb: policyFields.maxFileMb,
    fetchPrivate: policyFields.fetchPrivate,
    outboxMaxMb: { value: defaults.outboxMaxMb, validate: validator('label.outboxMaxMb', numberError) },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    return this.name || this._('palette.label');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels() {
    return this._('palette.output');
  },
  oneditprepare() {
    applyDefaults(this, defaults, migrations);
    readPolicy = mountPolicyForm(this);
  },
  oneditsave() {
    Object.assign(this, readPolicy());
  },
});
