/** The message of any thrown value: third parties throw strings, JSON and undefined. */
export function errorMessage(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  if (typeof thrown === 'string') return thrown;
  return thrown === undefined ? 'unknown' : JSON.stringify(thrown);
}
