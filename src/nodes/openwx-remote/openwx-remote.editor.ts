import { type PostEvent, postEvents } from '../../remotes/openwx/events/event-types';
import { fillIn } from '../../editor/forms/apply-defaults.editor';
import { showNames } from '../../editor/forms/catalog-list.editor';
import { policyFields, showPolicy } from '../../editor/forms/remote-policy.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { checked, wrongNumber, wrongPort, wrongWebAddress } from '../../editor/forms/validators.editor';
import { defaults, type OpenwxRemoteCredentials, type OpenwxRemoteProperties } from './properties';

addStyle();

/** What is chosen in the open form: lists have no input of their own that Node-RED could save. */
let chosenEvents = defaults.postEvents;
let chosenPolicy: ReturnType<typeof showPolicy> = () => defaults;

RED.nodes.registerType<OpenwxRemoteProperties, OpenwxRemoteCredentials>('wechat-openwx-remote', {
  category: 'WeChat',
  color: '#C3E8CB',
  icon: 'wechat-openwx.svg',
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    bot: { value: defaults.bot, type: 'wechat-bot', required: true },
    host: { value: defaults.host, required: true },
    port: { value: defaults.port, validate: checked('label.port', wrongPort) },
    postApi: { value: defaults.postApi, validate: checked('label.postApi', wrongWebAddress) },
    postEvents: { value: defaults.postEvents },
    postMediaData: { value: defaults.postMediaData },
    pollApi: { value: defaults.pollApi, validate: checked('label.pollApi', wrongWebAddress) },
    pollInterval: { value: defaults.pollInterval, validate: checked('label.pollInterval', wrongNumber) },
    eventQueueSize: {
      value: defaults.eventQueueSize,
      validate: checked('label.eventQueueSize', wrongNumber),
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
    fillIn(this, defaults);
    chosenEvents = [...this.postEvents];
    showNames('wechat-post-events', {
      title: this._('label.postEvents'),
      choices: postEvents.map((name) => ({ value: name, label: name, summary: this._(`event.${name}`) })),
      chosen: chosenEvents,
      changed: (names) => {
        chosenEvents = names as PostEvent[];
      },
    });
    chosenPolicy = showPolicy(this);
  },
  oneditsave() {
    Object.assign(this, chosenPolicy(), { postEvents: chosenEvents });
  },
});
