import { applyDefaults } from '../../editor/forms/apply-defaults.editor';
import { formElement, setVisible } from '../../editor/ui/dom.editor';
import { policyFields, mountPolicyForm } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, portError } from '../../editor/forms/validators.editor';
import { defaults, type WxbotRemoteCredentials, type WxbotRemoteProperties, migrations } from './properties';

addStyle();

/** The selection in the open form: lists have no input that Node-RED could save. */
let readPolicy: ReturnType<typeof mountPolicyForm> = () => defaults;

/** Saved tokens are never sent to the browser: the form offers to replace them. */
function showTokens(hasSavedTokens: boolean): void {
  setVisible('wechat-tokens-saved', hasSavedTokens);
  setVisible('wechat-tokens', !hasSavedTokens);
  formElement('wechat-tokens-replace').addEventListener('click', (event) => {
    event.preventDefault();
    const input = formElement('node-input-tokens') as HTMLTextAreaElement;
    input.value = '';
    showTokens(false);
    input.focus();
  });
}

RED.nodes.registerType<WxbotRemoteProperties, WxbotRemoteCredentials>('wechat-wxbot-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-wxbot.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: validator('label.port', portError) },
    allow: policyFields.allow,
    deny: policyFields.deny,
    maxFileMb: policyFields.maxFileMb,
  },
  credentials: {
    key: { type: 'password' },
    tokens: { type: 'password' },
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
    showTokens((formElement('node-input-tokens') as HTMLTextAreaElement).value !== '');
    readPolicy = mountPolicyForm(this);
  },
  oneditsave() {
    Object.assign(this, readPolicy());
  },
});
