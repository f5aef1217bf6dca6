import { fetchPuppets } from '../../editor/api/admin-client.editor';
import type { PuppetSummary } from '../../admin/api-types';
import { mountBotCards } from '../../editor/sidebar/bot-cards.editor';
import { prepareForm } from '../../editor/forms/prepare-form.editor';
import type { Translator } from '../../editor/ui/translate.editor';
import { element, formElement, setVisible } from '../../editor/ui/dom.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { showPuppetList } from '../../editor/forms/puppet-list.editor';
import { cacheTable } from '../../editor/api/cached-table.editor';
import { schemaError } from '../../editor/forms/schema-validation.editor';
import { parameterLines } from '../../editor/forms/schema-text.editor';
import { typedField } from '../../editor/forms/typed-field.editor';
import { validator, numberError, objectError } from '../../editor/forms/validators.editor';
import {
  automaticPaceOf,
  type BotCredentials,
  type BotProperties,
  defaults,
  declaration,
} from './properties';

addFormStyle();

const puppetTable = cacheTable(fetchPuppets);

/** The puppets that take no token. */
const tokenlessPuppets = [
  'simulator',
  'ilink',
  'wechaty-puppet-wechat4u',
  'wechaty-puppet-wechat',
  'wechaty-puppet-xp',
];

const paceFields = ['minGap', 'jitter', 'perMinute'] as const;

/** The name of an npm package. */
const packageName = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/;

/** Ends the watching of the open form. */
let unmountLogin: (() => void) | undefined;

function closeLogin(): void {
  unmountLogin?.();
  unmountLogin = undefined;
}

/** A bot as its validators see it. */
interface ValidatedBot extends Translator {
  readonly puppet: string;
}

/** Marks the bots anew once the puppets are known. */
function revalidateBots(): void {
  RED.nodes.eachConfig((node) => {
    if (node.type === 'wechat-bot') RED.editor.validateNode(node);
    return true;
  });
}

function puppetNamed(name: string): PuppetSummary | undefined {
  return puppetTable.peek(revalidateBots)?.find((puppet) => puppet.name === name);
}

function puppetError(name: string, node: ValidatedBot): string | undefined {
  if (name.startsWith('${')) return undefined;
  if (!packageName.test(name)) return node._('validation.puppet');
  const puppet = puppetNamed(name);
  return puppet && !puppet.installed
    ? node._('validation.notInstalled', { install: puppet.install })
    : undefined;
}

function optionsError(value: string, node: ValidatedBot): string | undefined {
  const wrong = objectError(value, node);
  if (wrong !== undefined || value.trim().startsWith('${')) return wrong;
  const puppetName = $('#node-config-input-puppet').val()?.toString() ?? node.puppet;
  const puppet = puppetNamed(puppetName);
  return puppet && schemaError(JSON.parse(value), puppet.options, node);
}

/** What an option begins with when its name is pressed. */
function addOption(name: string, initialValue: unknown): void {
  const field = $('#node-config-input-options');
  try {
    const current = JSON.parse(field.typedInput('value') || '{}') as Record<string, unknown>;
    if (!Object.hasOwn(current, name)) {
      field.typedInput('value', JSON.stringify({ ...current, [name]: initialValue }));
    }
  } catch {
    // What is no JSON yet is for its writer to finish.
  }
}

/** Adapts the form to the puppet: how it is installed, whether it takes a token, its options, how fast it sends. */
function showPuppetHelp(name: string, hasToken: boolean, node: ValidatedBot): void {
  const puppet = puppetNamed(name);
  const hint = formElement('wechat-puppet-hint');
  hint.replaceChildren();
  if (puppet?.installed && puppet.version !== undefined) {
    hint.textContent = node._('puppet.version', { version: puppet.version });
  } else if (puppet && !puppet.installed) {
    hint.append(node._('puppet.install'), ' ', element('code', {}, puppet.install));
  }
  const lines = puppet
    ? parameterLines(puppet.options, {
        optional: '',
        title: node._('hint.addOption'),
        onPick: addOption,
      })
    : [];
  formElement('wechat-option-lines').replaceChildren(...lines);
  setVisible('wechat-option-list', lines.length > 0);
  setVisible('wechat-token-row', hasToken || !tokenlessPuppets.includes(name));
  const pace = automaticPaceOf(name);
  for (const each of paceFields) {
    $(`#node-config-input-${each}`).attr(
      'placeholder',
      node._('placeholder.automatic', { value: String(pace[each]) }),
    );
  }
}

RED.nodes.registerType<BotProperties, BotCredentials>('wechat-bot', {
  category: 'config',
  color: '#9BD8A9',
  icon: 'wechat-bot.svg',
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    puppet: { value: defaults.puppet, validate: validator('label.puppet', puppetError) },
    options: { value: defaults.options, validate: validator('label.options', optionsError) },
    autoStart: { value: defaults.autoStart },
    minGap: {
      value: defaults.minGap,
      validate: validator('label.minGap', numberError),
    },
    jitter: {
      value: defaults.jitter,
      validate: validator('label.jitter', numberError),
    },
    perMinute: {
      value: defaults.perMinute,
      validate: validator('label.perMinute', numberError),
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
    prepareForm(this, declaration);
    const puppet = formElement('node-config-input-puppet') as HTMLInputElement;
    const list = formElement('wechat-puppets');
    const options = typedField('node-config-input-options', { default: 'json', types: ['json'] }, this).field;
    const hasToken = $('#node-config-input-token').val() !== '';

    const updateForm = (): void => {
      showPuppetHelp(puppet.value, hasToken, this);
      const wrong = optionsError(options.typedInput('value'), this);
      formElement('wechat-options-problem').textContent = wrong ?? '';
    };
    const showList = (puppets: readonly PuppetSummary[]): void => {
      if (!list.isConnected) return;
      const isKnown = puppets.some(({ name }) => name === puppet.value);
      showPuppetList(list, {
        puppets,
        selected: puppet.value,
        node: this,
        onChange: (name) => {
          $(puppet).toggle(name === undefined);
          puppet.value = name ?? '';
          if (name === undefined) puppet.focus();
          $(puppet).trigger('change');
          // What is wrong with the options depends on the puppet.
          $('#node-config-input-options').trigger('change');
        },
      });
      $(puppet).toggle(!isKnown);
      updateForm();
    };

    $(puppet).on('change keyup', updateForm);
    options.on('change keyup paste', updateForm);
    updateForm();
    puppetTable.read().then(showList, (error: unknown) => {
      list.replaceChildren();
      formElement('wechat-puppets-problem').textContent = this._('hint.unreadable', {
        error: (error as Error).message,
      });
    });
    closeLogin();
    unmountLogin = mountBotCards({
      container: formElement('wechat-login'),
      id: this.id,
      translate: (key, values) => this._(key, values ?? {}),
    });
  },
  oneditsave: closeLogin,
  oneditcancel: closeLogin,
  oneditdelete: closeLogin,
});
