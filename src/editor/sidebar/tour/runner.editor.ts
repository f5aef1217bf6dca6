/** One step of a tour in the format of Node-RED's tour guide. */
export interface TourStep {
  readonly titleIcon?: string;
  readonly title: string;
  /** HTML. */
  readonly description: string;
  /** The element that the step points at; default: the whole editor. */
  readonly element?: string | (() => JQuery);
  readonly direction?: 'left' | 'right' | 'top' | 'bottom' | 'inset';
  readonly width?: number;
  readonly prepare?: (done: () => void) => void;
}

/** A tour in the format of Node-RED's tour guide. */
export interface Tour {
  readonly steps: readonly TourStep[];
}

/** The global variable that the module below reads. */
const globalName = 'wechatTour';

/**
 * Runs a tour. Node-RED's tour guide accepts only the URL of a module, so the tour is passed through a generated one:
 * a static module could neither be translated nor depend on the flows.
 */
export function runTour(tour: Tour): void {
  Object.assign(window, { [globalName]: tour });
  const code = `export default window.${globalName};`;
  RED.tourGuide.run(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
}
