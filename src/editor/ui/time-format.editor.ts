/** Times as the editor's language writes them. */

type Options = Intl.DateTimeFormatOptions;

/** A formatter takes longer to make than a hundred times to write. */
const made = new Map<Options, Intl.DateTimeFormat>();

function format(timestamp: number, options: Options): string {
  const known = made.get(options) ?? new Intl.DateTimeFormat(RED.i18n.lang() || 'en-US', options);
  made.set(options, known);
  return known.format(timestamp);
}

const clock: Options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const dayAndClock: Options = { month: 'short', day: 'numeric', ...clock };
const exactClock: Options = { ...clock, second: '2-digit' };
const full: Options = { dateStyle: 'medium', timeStyle: 'medium' };

function isToday(timestamp: number): boolean {
  return new Date(timestamp).toDateString() === new Date().toDateString();
}

/** Hours and minutes; with the day unless it is today. */
export function shortTime(timestamp: number): string {
  return format(timestamp, isToday(timestamp) ? clock : dayAndClock);
}

/** Hours, minutes and seconds. */
export function exactTime(timestamp: number): string {
  return format(timestamp, exactClock);
}

/** Day and time in full. */
export function fullTime(timestamp: number): string {
  return format(timestamp, full);
}

/** A span of time as minutes and seconds: `1:05`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
