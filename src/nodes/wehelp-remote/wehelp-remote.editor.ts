import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { policyFields, showPolicy } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { checked, wrongNumber, wrongWebAddress } from '../../editor/forms/validators.editor';
import { defaults, type WehelpRemoteProperties } from './properties';

addStyle();

/** What is chosen in the open form: lists have no input of their own that Node-RED could save. */
let chosenPolicy: ReturnType<typeof showPolicy> = () => defaults;

RED.nodes.registerType<WehelpRemoteProperties>('wechat-wehelp-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-wehelp.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    callbackUrl: { value: defaults.callbackUrl, validate: checked('label.callbackUrl', wrongWebAddress) },
    pollUrl: { value: defaults.pollUrl, validate: checked('label.pollUrl', wrongWebAddress) },
    pollInterval: { value: defaults.pollInterval, validate: checked('label.pollInterval', wrongNumber) },
    timeUnit: { value: defaults.timeUnit },
    allow: policyFields.allow,
    deny: policyFields.deny,
    filesFrom: policyFields.filesFrom,
    maxFileMb: policyFields.maxFileMb,
    fetchPrivate: policyFields.fetchPrivate,
    outboxMaxMb: { value: defaults.outboxMaxMb, validate: checked('label.outboxMaxMb', wrongNumber) },
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
    fillIn(this, defaults);
    chosenPolicy = showPolicy(this);
  },
  oneditsave() {
    Object.assign(this, chosenPolicy());
  },
});
