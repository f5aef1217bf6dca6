import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { formElement, setShown } from '../../editor/ui/dom.editor';
import { policyFields, showPolicy } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { checked, wrongPort } from '../../editor/forms/validators.editor';
import { defaults, type WxbotRemoteCredentials, type WxbotRemoteProperties } from './properties';

addStyle();

/** What is chosen in the open form: lists have no input of their own that Node-RED could save. */
let chosenPolicy: ReturnType<typeof showPolicy> = () => defaults;

/** Saved tokens do not come back to the browser: they can be kept or replaced, and are kept unless asked for. */
function showTokens(areSaved: boolean): void {
  setShown('wechat-tokens-saved', areSaved);
  setShown('wechat-tokens', !areSaved);
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
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: checked('label.port', wrongPort) },
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
    fillIn(this, defaults);
    showTokens((formElement('node-input-tokens') as HTMLTextAreaElement).value !== '');
    chosenPolicy = showPolicy(this);
  },
  oneditsave() {
    Object.assign(this, chosenPolicy());
  },
});
