/** The sidebar: all bots, how they are, and their login. */
import { watchBots } from '../nodes/editor/bot-watch.editor';
import { element } from '../nodes/editor/dom.editor';
import { addStyle } from '../nodes/editor/style.editor';

addStyle();

/** A text of this plugin, which Node-RED names after the set it was loaded with. */
const catalogue = '@wechat-flow/node-red-wechaty/wechat-sidebar';
const translate = (key: string, values?: Record<string, string>): string =>
  RED._(`${catalogue}:${key}`, values ?? {});

RED.plugins.registerPlugin('wechat-sidebar', {
  onadd() {
    const content = element('div', { class: 'wechat-sidebar' });
    RED.sidebar.addTab({
      id: 'wechat',
      name: translate('sidebar.name'),
      label: translate('sidebar.label'),
      iconClass: 'fa fa-wechat',
      content,
      enableOnEdit: true,
      action: 'wechat:show-sidebar',
    });
    RED.actions.add('wechat:show-sidebar', () => {
      RED.sidebar.show('wechat');
    });
    watchBots({ container: content, translate });
  },
});
