import { type ProtocolVersion, protocolVersions } from '../../remotes/padchat/field-case';
import { applyDefaults } from '../../editor/forms/apply-defaults.editor';
import { showCatalogList } from '../../editor/forms/catalog-list.editor';
import { policyFields, mountPolicyForm } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, portError } from '../../editor/forms/validators.editor';
import {
  defaults,
  type PadchatRemoteCredentials,
  type PadchatRemoteProperties,
  migrations,
} from './properties';

addStyle();

/** The selection in the open form: lists have no input that Node-RED could save. */
let selectedVersions = defaults.generations;
let readPolicy: ReturnType<typeof mountPolicyForm> = () => defaults;

RED.nodes.registerType<PadchatRemoteProperties, PadchatRemoteCredentials>('wechat-padchat-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-padchat.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: validator('label.port', portError) },
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
    applyDefaults(this, defaults, migrations);
    selectedVersions = [...this.generations];
    showCatalogList('wechat-generations', {
      title: this._('label.generations'),
      choices: protocolVersions.map((name) => ({
        value: name,
        label: name,
        summary: this._(`generation.${name}`),
      })),
      selected: selectedVersions,
      onChange: (names) => {
        selectedVersions = names as ProtocolVersion[];
      },
    });
    readPolicy = mountPolicyForm(this);
  },
  oneditsave() {
    Object.assign(this, readPolicy(), { generations: selectedVersions });
  },
});
