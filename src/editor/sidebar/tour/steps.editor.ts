/** The tour for those who see the sidebar for the first time. */
import type { Tour, TourStep } from './runner.editor';
import { translate } from '../translate.editor';

/** A step's texts. */
function words(step: string): Pick<TourStep, 'title' | 'description'> {
  return { title: translate(`tour.${step}.title`), description: `<p>${translate(`tour.${step}.text`)}</p>` };
}

/** Time the editor takes to open a sidebar or to scroll to a node, in ms. */
const settling = 350;

/** The id of a node that hears a bot, the one on the tab in sight if there is one. */
function hearingNode(): string | undefined {
  const found = RED.nodes.filterNodes({ type: 'wechat-on-event' }) as { id: string; z: string }[];
  // The types call it an object; it is the tab's id.
  const active: unknown = RED.workspaces.active();
  return (found.find(({ z }) => z === active) ?? found[0])?.id;
}

/** What the flow looks like, if there is one. */
function flowSteps(): TourStep[] {
  const node = hearingNode();
  if (node === undefined) {
    return [
      { ...words('examples'), element: '#red-ui-header-button-sidemenu', direction: 'left', width: 300 },
    ];
  }
  return [
    {
      ...words('flow'),
      element: () => $(`[id="${node}"]`),
      direction: 'bottom',
      width: 300,
      prepare: (done) => {
        RED.view.reveal(node, false);
        window.setTimeout(done, settling);
      },
    },
  ];
}

/** Makes the tour, which depends on what is deployed. */
export function makeTour(showSection: (id: string) => void): Tour {
  const section = (id: string): TourStep => ({
    ...words(id),
    element: `#wechat-tab-${id}`,
    direction: 'left',
    width: 300,
    prepare: (done) => {
      showSection(id);
      window.setTimeout(done, settling);
    },
  });
  return {
    steps: [
      { titleIcon: 'fa fa-wechat', ...words('welcome') },
      section('accounts'),
      ...flowSteps(),
      section('simulator'),
      section('activity'),
      { ...words('end') },
    ],
  };
}
