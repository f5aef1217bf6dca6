import { type PostEvent, postEvents } from '../../remotes/openwx/events/event-types';
import { applyDefaults } from '../../editor/forms/apply-defaults.editor';
import { showCatalogList } from '../../editor/forms/catalog-list.editor';
import { policyFields, mountPolicyForm } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { validator, numberError, portError, urlError } from '../../editor/forms/validators.editor';
import {
  defaults,
  type OpenwxRemoteCredentials,
  type OpenwxRemoteProperties,
  migrations,
} from './properties';

addStyle();

/** The selection in the open form: lists have no input that Node-RED could save. */
let selectedEvents = defaults.postEvents;
let readPolicy: ReturnType<typeof mountPolicyForm> = () => defaults;

RED.nodes.registerType<OpenwxRemoteProperties, OpenwxRemoteCredentials>('wechat-openwx-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-openwx.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    version: { value: defaults.version },
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: validator('label.port', portError) },
    postApi: { value: defaults.postApi, validate: validator('label.postApi', urlError) },
    postEvents: { value: defaults.postEvents },
    postMediaData: { value: defaults.postMediaData },
    pollApi: { value: defaults.pollApi, validate: validator('label.pollApi', urlError) },
    pollInterval: { value: defaults.pollInterval, validate: validator('label.pollInterval', numberError) },
    eventQueueSize: {
      value: defaults.eventQueueSize,
      validate: validator('label.eventQueueSize', numberError),
    },
    allowStop: { value: defaults.allowStop },
    allow: policyFields.allow,
    deny: policyFields.deny,
    filesFrom: policyFields.filesFrom,
    maxFileMb: policyFields.maxFileMb,
    fetchPrivate: policyFields.fetchPrivate,
  },
  credentials: {
    token: { type: 'password' },
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
    selectedEvents = [...this.postEvents];
    showCatalogList('wechat-post-events', {
      title: this._('label.postEvents'),
      choices: postEvents.map((name) => ({ value: name, label: name, summary: this._(`event.${name}`) })),
      selected: selectedEvents,
      onChange: (names) => {
        selectedEvents = names as PostEvent[];
      },
    });
    readPolicy = mountPolicyForm(this);
  },
  oneditsave() {
    Object.assign(this, readPolicy(), { postEvents: selectedEvents });
  },
});
