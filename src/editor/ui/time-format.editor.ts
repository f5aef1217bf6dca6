/** Times in the format of the editor's language. */

type Options = Intl.DateTimeFormatOptions;

/** Creating a formatter takes longer than formatting a hundred times. */
const formatters = new Map<Options, Intl.DateTimeFormat>();

function format(timestamp: number, options: Options): string {
  const formatter = formatters.get(options) ?? new Intl.DateTimeFormat(RED.i18n.lang() || 'en-US', options);
  formatters.set(options, formatter);
  return formatter.format(timestamp);
}

const timeOnly: Options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const dayAndTime: Options = { month: 'short', day: 'numeric', ...timeOnly };
const timeWithSeconds: Options = { ...timeOnly, second: '2-digit' };
const full: Options = { dateStyle: 'medium', timeStyle: 'medium' };

function isToday(timestamp: number): boolean {
  return new Date(timestamp).toDateString() === new Date().toDateString();
}

/** Hours and minutes; with the day unless it is today. */
export function shortTime(timestamp: number): string {
  return format(timestamp, isToday(timestamp) ? timeOnly : dayAndTime);
}

/** Hours, minutes and seconds. */
export function exactTime(timestamp: number): string {
  return format(timestamp, timeWithSeconds);
}

/** Day and time in full. */
export function fullTime(timestamp: number): string {
  return format(timestamp, full);
}

/** A duration in ms as minutes and seconds: `1:05`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
