import { type Generation, generations } from '../../remotes/padchat/field-case';
import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { showNames } from '../../editor/forms/catalog-list.editor';
import { policyFields, showPolicy } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { checked, wrongPort } from '../../editor/forms/validators.editor';
import { defaults, type PadchatRemoteCredentials, type PadchatRemoteProperties } from './properties';

addStyle();

/** What is chosen in the open form: lists have no input of their own that Node-RED could save. */
let chosenGenerations = defaults.generations;
let chosenPolicy: ReturnType<typeof showPolicy> = () => defaults;

RED.nodes.registerType<PadchatRemoteProperties, PadchatRemoteCredentials>('wechat-padchat-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-padchat.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: checked('label.port', wrongPort) },
    generations: { value: defaults.generations },
    allow: policyFields.allow,
    deny: policyFields.deny,
    filesFrom: policyFields.filesFrom,
    maxFileMb: policyFields.maxFileMb,
    fetchPrivate: policyFields.fetchPrivate,
  },
  credentials: {
    authKeys: { type: 'password' },
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
    chosenGenerations = [...this.generations];
    showNames('wechat-generations', {
      title: this._('label.generations'),
      choices: generations.map((name) => ({
        value: name,
        label: name,
        summary: this._(`generation.${name}`),
      })),
      chosen: chosenGenerations,
      changed: (names) => {
        chosenGenerations = names as Generation[];
      },
    });
    chosenPolicy = showPolicy(this);
  },
  oneditsave() {
    Object.assign(this, chosenPolicy(), { generations: chosenGenerations });
  },
});
