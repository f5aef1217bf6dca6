/** One step of a tour, as Node-RED's tour guide takes it. */
export interface TourStep {
  readonly titleIcon?: string;
  readonly title: string;
  /** HTML. */
  readonly description: string;
  /** A selector, or what finds the element; without it the step is about the whole editor. */
  readonly element?: string | (() => JQuery);
  readonly direction?: 'left' | 'right' | 'top' | 'bottom' | 'inset';
  readonly width?: number;
  readonly prepare?: (done: () => void) => void;
}

/** A tour in Node-RED's own format. */
export interface Tour {
  readonly steps: readonly TourStep[];
}

/** Where the module below finds the tour that is about to run. */
const place = 'wechatTour';

/**
 * Runs a tour. Node-RED's guide takes nothing but the address of a module, so it gets one that hands over the tour:
 * a file of its own could neither speak the editor's language nor look at the flows.
 */
export function runTour(tour: Tour): void {
  const { tourGuide } = RED as typeof RED & { readonly tourGuide: { run(path: string): void } };
  Object.assign(window, { [place]: tour });
  const code = `export default window.${place};`;
  tourGuide.run(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
}
