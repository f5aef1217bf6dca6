/** The steps of the tour through the sidebar. */
import type { Tour, TourStep } from './runner.editor';
import { translate } from '../translate.editor';

/** Title and description of a step. */
function stepTexts(step: string): Pick<TourStep, 'title' | 'description'> {
  return { title: translate(`tour.${step}.title`), description: `<p>${translate(`tour.${step}.text`)}</p>` };
}

/** Time in which the editor opens a sidebar or scrolls to a node, in ms. */
const animationMs = 350;

/** The id of an on-event node, preferably on the active tab. */
function findListenerNode(): string | undefined {
  const nodes = RED.nodes.filterNodes({ type: 'wechat-on-event' });
  const active = RED.workspaces.active();
  return (nodes.find(({ z }) => z === active) ?? nodes[0])?.id;
}

/** The step that shows a flow, or the way to the examples when there is none. */
function flowSteps(): TourStep[] {
  const node = findListenerNode();
  if (node === undefined) {
    return [
      { ...stepTexts('examples'), element: '#red-ui-header-button-sidemenu', direction: 'left', width: 300 },
    ];
  }
  return [
    {
      ...stepTexts('flow'),
      element: () => $(`[id="${node}"]`),
      direction: 'bottom',
      width: 300,
      prepare: (done) => {
        RED.view.reveal(node, false);
        window.setTimeout(done, animationMs);
      },
    },
  ];
}

/** Creates the tour, which depends on the deployed flows. */
export function createTour(showSection: (id: string) => void): Tour {
  const section = (id: string): TourStep => ({
    ...stepTexts(id),
    element: `#wechat-tab-${id}`,
    direction: 'left',
    width: 300,
    prepare: (done) => {
      showSection(id);
      window.setTimeout(done, animationMs);
    },
  });
  return {
    steps: [
      { titleIcon: 'fa fa-wechat', ...stepTexts('welcome') },
      section('accounts'),
      ...flowSteps(),
      section('simulator'),
      section('activity'),
      { ...stepTexts('end') },
    ],
  };
}
