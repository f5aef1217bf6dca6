/** Times as the editor's language writes them. */

function format(timestamp: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(RED.i18n.lang() || 'en-US', options).format(timestamp);
}

function isToday(timestamp: number): boolean {
  return new Date(timestamp).toDateString() === new Date().toDateString();
}

/** Hours and minutes; with the day unless it is today. */
export function shortTime(timestamp: number): string {
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return format(timestamp, isToday(timestamp) ? clock : { month: 'short', day: 'numeric', ...clock });
}

/** Hours, minutes and seconds. */
export function exactTime(timestamp: number): string {
  return format(timestamp, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
}

/** Day and time in full. */
export function fullTime(timestamp: number): string {
  return format(timestamp, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A span of time as minutes and seconds: `1:05`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
