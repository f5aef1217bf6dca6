import { formElement, setShown } from '../editor/dom.editor';
import { watchBots } from '../editor/bot-watch.editor';
import { addStyle } from '../editor/style.editor';
import { checked, wrongNumber, wrongObject } from '../editor/validators.editor';
import { automaticPace, type BotCredentials, type BotProperties, defaults } from './properties';

addStyle();

/** The puppets the form knows; any other is an installed package. */
const puppets = [
  'simulator',
  'wechaty-puppet-service',
  'wechaty-puppet-wechat4u',
  'wechaty-puppet-padlocal',
] as const;

const paces = ['minGap', 'jitter', 'perMinute'] as const;

/** Ends the watching of the open form. */
let unwatch: (() => void) | undefined;

function close(): void {
  unwatch?.();
  unwatch = undefined;
}

/** What a node can translate. */
interface Translator {
  _(key: string, values?: Record<string, string>): string;
}

/** Adapts the form to the puppet: what it is, whether it needs a token, and how fast it sends. */
function explain(puppet: string, node: Translator): void {
  const known = puppets.find((name) => name === puppet);
  formElement('wechat-puppet-hint').textContent = node._(`puppet.${known ?? 'other'}.about`);
  formElement('wechat-options-hint').textContent = node._(`puppet.${known ?? 'other'}.options`);
  setShown('wechat-token-row', puppet !== 'simulator');
  const pace = puppet === 'simulator' ? automaticPace.simulator : automaticPace.realAccount;
  for (const name of paces) {
    $(`#node-config-input-${name}`).attr(
      'placeholder',
      node._('placeholder.automatic', { value: String(pace[name]) }),
    );
  }
}

RED.nodes.registerType<BotProperties, BotCredentials>('wechat-bot', {
  category: 'config',
  color: '#9BD8A9',
  icon: 'wechat-bot.svg',
  defaults: {
    name: { value: defaults.name },
    puppet: { value: defaults.puppet, required: true },
    options: { value: defaults.options, validate: checked('label.options', wrongObject) },
    autoStart: { value: defaults.autoStart },
    minGap: {
      value: defaults.minGap,
      validate: checked('label.minGap', wrongNumber),
    },
    jitter: {
      value: defaults.jitter,
      validate: checked('label.jitter', wrongNumber),
    },
    perMinute: {
      value: defaults.perMinute,
      validate: checked('label.perMinute', wrongNumber),
    },
  },
  credentials: {
    token: { type: 'password' },
  },
  paletteLabel() {
    return this._('palette.label');
  },
  label() {
    return this.name || this._('palette.labelPuppet', { puppet: this.puppet });
  },
  oneditprepare() {
    const choice = $('#wechat-puppet-choice');
    const puppet = $<HTMLInputElement>('#node-config-input-puppet');
    const isKnown = (puppets as readonly string[]).includes(this.puppet);
    $('#node-config-input-options').typedInput({ default: 'json', types: ['json'] });
    puppet.on('input change', () => {
      explain(puppet.val() ?? '', this);
    });
    choice.val(isKnown ? this.puppet : 'other');
    choice.on('change', () => {
      const chosen = choice.val()?.toString() ?? '';
      puppet.toggle(chosen === 'other');
      if (chosen !== 'other') puppet.val(chosen);
      else if ((puppets as readonly string[]).includes(puppet.val() ?? '')) puppet.val('').trigger('focus');
      puppet.trigger('change');
    });
    choice.trigger('change');
    close();
    unwatch = watchBots({
      container: formElement('wechat-login'),
      id: this.id,
      translate: (key, values) => this._(key, values ?? {}),
    });
  },
  oneditsave: close,
  oneditcancel: close,
  oneditdelete: close,
});
