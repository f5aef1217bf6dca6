/** Offers the tour: once by itself, and for ever by a button. */
import { element } from '../../ui/dom.editor';
import { runTour } from './runner.editor';
import { makeTour } from './steps.editor';
import { translate } from '../translate.editor';

/** Where the browser remembers that the tour was offered. */
const memory = 'wechat-tour-offered';

/** The two ways to the tour. */
export interface TourOffer {
  readonly button: HTMLElement;
  /** Shown until it is answered, the first time somebody sees the sidebar in this browser. */
  readonly banner: HTMLElement;
}

/** Makes them; `showSection` brings a section of the sidebar into sight. */
export function tourOffer(showSection: (id: string) => void): TourOffer {
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
    { class: 'wechat-banner wechat-tour-offer', hidden: RED.settings.get(memory, false) },
    element('span', {}, translate('tour.offer')),
    take,
    dismiss,
  );

  function answer(): void {
    banner.hidden = true;
    RED.settings.set(memory, true);
  }
  function start(): void {
    answer();
    runTour(makeTour(showSection));
  }
  button.addEventListener('click', start);
  take.addEventListener('click', start);
  dismiss.addEventListener('click', answer);
  return { button, banner };
}
