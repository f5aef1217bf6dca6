import { commandPolicyFields, filePolicyFields, remoteForm } from '../../editor/forms/remote-form.editor';
import { formElement, setVisible } from '../../editor/ui/dom.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, portError } from '../../editor/forms/validators.editor';
import { declaration, defaults, type WxbotRemoteCredentials, type WxbotRemoteProperties } from './properties';

addStyle();

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

const shared = remoteForm({
  declaration,
  onPrepare: () => {
    showTokens((formElement('node-input-tokens') as HTMLTextAreaElement).value !== '');
  },
});

RED.nodes.registerType<WxbotRemoteProperties, WxbotRemoteCredentials>('wechat-wxbot-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  outputs: 1,
  paletteLabel: shared.paletteLabel,
  label: shared.label,
  labelStyle: shared.labelStyle,
  outputLabels: shared.outputLabels,
  oneditprepare: shared.oneditprepare,
  oneditsave: shared.oneditsave,
  icon: 'wechat-wxbot.svg',
  inputs: 0,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: validator('label.port', portError) },
    allow: commandPolicyFields.allow,
    deny: commandPolicyFields.deny,
    maxFileMb: filePolicyFields.maxFileMb,
  },
  credentials: {
    key: { type: 'password' },
    tokens: { type: 'password' },
  },
});
