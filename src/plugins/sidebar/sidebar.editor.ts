/** The sidebar plugin: accounts with their login, the messenger of the simulator, and the activity log. */
import { mountBotCards } from '../../editor/sidebar/bot-cards.editor';
import { element } from '../../editor/ui/dom.editor';
import { addStyle } from '../../editor/ui/style.editor';
import { createActivity } from '../../editor/sidebar/activity.editor';
import { createMessenger } from '../../editor/sidebar/messenger/messenger.editor';
import { createSections } from '../../editor/sidebar/sections.editor';
import { addSidebarStyle } from '../../editor/sidebar/style.editor';
import { createTourOffer } from '../../editor/sidebar/tour/button.editor';
import { translate } from '../../editor/sidebar/translate.editor';

addStyle();
addSidebarStyle();

RED.plugins.registerPlugin('wechat-sidebar', {
  onadd() {
    const accounts = element('div', { class: 'wechat-accounts' });
    const sections = createSections(
      [
        { id: 'accounts', label: translate('section.accounts'), icon: 'fa-user', content: accounts },
        {
          id: 'simulator',
          label: translate('section.simulator'),
          icon: 'fa-comments',
          content: createMessenger(),
        },
        {
          id: 'activity',
          label: translate('section.activity'),
          icon: 'fa-list-ul',
          content: createActivity(),
        },
      ],
      translate('sidebar.name'),
    );
    const offer = createTourOffer((id) => {
      RED.sidebar.show('wechat');
      sections.show(id);
    });
    RED.sidebar.addTab({
      id: 'wechat',
      name: translate('sidebar.name'),
      label: translate('sidebar.label'),
      iconClass: 'fa fa-wechat',
      content: element(
        'div',
        { class: 'wechat-sidebar', role: 'region', 'aria-label': translate('sidebar.name') },
        element('div', { class: 'wechat-bar' }, sections.bar, offer.button),
        offer.banner,
        ...sections.panels,
      ),
      enableOnEdit: true,
      action: 'wechat:show-sidebar',
    });
    RED.actions.add('wechat:show-sidebar', () => {
      RED.sidebar.show('wechat');
    });
    mountBotCards({ container: accounts, translate });
  },
});
