import { fetchPuppets, type PuppetSummary } from '../../editor/api/admin-client.editor';
import { watchBots } from '../../editor/sidebar/bot-cards.editor';
import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { element, formElement, setShown } from '../../editor/ui/dom.editor';
import { addFormStyle } from '../../editor/forms/form-style.editor';
import { showPuppets } from '../../editor/forms/puppet-list.editor';
import { remember } from '../../editor/api/cached-table.editor';
import { wrongBySchema } from '../../editor/forms/schema-validation';
import { parameterLines } from '../../editor/forms/schema-text.editor';
import { typedField } from '../../editor/forms/typed-field.editor';
import { checked, wrongNumber, wrongObject } from '../../editor/forms/validators.editor';
import { automaticPace, type BotCredentials, type BotProperties, defaults } from './properties';

addFormStyle();

const puppetTable = remember(fetchPuppets);

/** The puppets that take no token. */
const withoutToken = ['simulator', 'wechaty-puppet-wechat4u', 'wechaty-puppet-wechat', 'wechaty-puppet-xp'];

const paces = ['minGap', 'jitter', 'perMinute'] as const;

/** The name of an npm package. */
const packageName = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/;

/** Ends the watching of the open form. */
let unwatch: (() => void) | undefined;

function close(): void {
  unwatch?.();
  unwatch = undefined;
}

/** A bot as its validators see it. */
interface CheckedBot {
  readonly puppet: string;
  _(key: string, values?: Record<string, string>): string;
}

/** Marks the bots anew once the puppets are known. */
function validateAll(): void {
  RED.nodes.eachConfig((node) => {
    if ((node as { type?: unknown }).type === 'wechat-bot') RED.editor.validateNode(node);
    return true;
  });
}

function puppetNamed(name: string): PuppetSummary | undefined {
  return puppetTable.known(validateAll)?.find((puppet) => puppet.name === name);
}

function wrongPuppet(name: string, node: CheckedBot): string | undefined {
  if (name.startsWith('${')) return undefined;
  if (!packageName.test(name)) return node._('wrong.puppet');
  const puppet = puppetNamed(name);
  return puppet && !puppet.installed ? node._('wrong.notInstalled', { install: puppet.install }) : undefined;
}

function wrongOptions(value: string, node: CheckedBot): string | undefined {
  const wrong = wrongObject(value, node);
  if (wrong !== undefined || value.trim().startsWith('${')) return wrong;
  const chosen = $('#node-config-input-puppet').val()?.toString() ?? node.puppet;
  const puppet = puppetNamed(chosen);
  return puppet && wrongBySchema(JSON.parse(value), puppet.options, node);
}

/** What an option begins with when its name is pressed. */
function addOption(name: string, beginning: unknown): void {
  const field = $('#node-config-input-options');
  try {
    const written = JSON.parse(field.typedInput('value') || '{}') as Record<string, unknown>;
    if (!Object.hasOwn(written, name)) {
      field.typedInput('value', JSON.stringify({ ...written, [name]: beginning }));
    }
  } catch {
    // What is no JSON yet is for its writer to finish.
  }
}

/** Adapts the form to the puppet: how it is installed, whether it takes a token, its options, how fast it sends. */
function explain(name: string, hasToken: boolean, node: CheckedBot): void {
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
        picked: addOption,
      })
    : [];
  formElement('wechat-option-lines').replaceChildren(...lines);
  setShown('wechat-option-list', lines.length > 0);
  setShown('wechat-token-row', hasToken || !withoutToken.includes(name));
  const pace = name === 'simulator' ? automaticPace.simulator : automaticPace.realAccount;
  for (const each of paces) {
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
    name: { value: defaults.name },
    puppet: { value: defaults.puppet, validate: checked('label.puppet', wrongPuppet) },
    options: { value: defaults.options, validate: checked('label.options', wrongOptions) },
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
    fillIn(this, defaults);
    const puppet = formElement('node-config-input-puppet') as HTMLInputElement;
    const list = formElement('wechat-puppets');
    const options = typedField('node-config-input-options', { default: 'json', types: ['json'] }, this).field;
    const hasToken = $('#node-config-input-token').val() !== '';

    const follow = (): void => {
      explain(puppet.value, hasToken, this);
      const wrong = wrongOptions(options.typedInput('value'), this);
      formElement('wechat-options-problem').textContent = wrong ?? '';
    };
    const showList = (puppets: readonly PuppetSummary[]): void => {
      if (!list.isConnected) return;
      const isKnown = puppets.some(({ name }) => name === puppet.value);
      showPuppets(list, {
        puppets,
        chosen: puppet.value,
        node: this,
        changed: (name) => {
          $(puppet).toggle(name === undefined);
          puppet.value = name ?? '';
          if (name === undefined) puppet.focus();
          $(puppet).trigger('change');
          // What is wrong with the options depends on the puppet.
          $('#node-config-input-options').trigger('change');
        },
      });
      $(puppet).toggle(!isKnown);
      follow();
    };

    $(puppet).on('change keyup', follow);
    options.on('change keyup paste', follow);
    follow();
    puppetTable.read().then(showList, (error: unknown) => {
      list.replaceChildren();
      formElement('wechat-puppets-problem').textContent = this._('hint.unreadable', {
        error: (error as Error).message,
      });
    });
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
