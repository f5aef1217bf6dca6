/** The button that starts the tour, and the banner that offers it once. */
import { element } from '../../ui/dom.editor';
import { runTour } from './runner.editor';
import { createTour } from './steps.editor';
import { translate } from '../translate.editor';

/** Key of the editor setting that stores whether the tour was offered. */
const storageKey = 'wechat-tour-offered';

/** Button and banner. */
export interface TourOffer {
  readonly button: HTMLElement;
  /** Shown until it is answered once. */
  readonly banner: HTMLElement;
}

/** Creates them; `showSection` shows a section of the sidebar. */
export function createTourOffer(showSection: (id: string) => void): TourOffer {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'wechat-icon-button',
      'aria-label': translate('tour.take'),
      title: translate('tour.take'),
    },
    element('i', { class: 'fa fa-map-o', 'aria-hidden': 'true' }),
  );
  const take = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small' },
    translate('tour.take'),
  );
  const dismiss = element(
    'button',
    {
      type: 'button',
      class: 'wechat-icon-button',
      'aria-label': translate('tour.dismiss'),
      title: translate('tour.dismiss'),
    },
    element('i', { class: 'fa fa-times', 'aria-hidden': 'true' }),
  );
  const banner = element(
    'div',
    { class: 'wechat-banner wechat-tour-offer', hidden: RED.settings.get(storageKey, false) },
    element('span', {}, translate('tour.offer')),
    take,
    dismiss,
  );

  function dismissOffer(): void {
    banner.hidden = true;
    RED.settings.set(storageKey, true);
  }
  function start(): void {
    dismissOffer();
    runTour(createTour(showSection));
  }
  button.addEventListener('click', start);
  take.addEventListener('click', start);
  dismiss.addEventListener('click', dismissOffer);
  return { button, banner };
}
