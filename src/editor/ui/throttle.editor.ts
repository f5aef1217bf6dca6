/** A throttled function. */
export interface Throttle {
  /** Schedules a call, at once or when the interval is over; calls in between are merged. */
  schedule(): void;
  /** Cancels a scheduled call. */
  cancel(): void;
}

/** Calls `run` at most once per interval. */
export function throttle(run: () => void, intervalMs: number): Throttle {
  let timer: number | undefined;
  let lastRun = 0;
  return {
    schedule() {
      timer ??= window.setTimeout(
        () => {
          timer = undefined;
          lastRun = performance.now();
          run();
        },
        Math.max(0, lastRun + intervalMs - performance.now()),
      );
    },
    cancel() {
      window.clearTimeout(timer);
      timer = undefined;
    },
  };
}
