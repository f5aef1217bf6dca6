/** Redacts request parameters for the activity list. */

/** Credentials and tokens. */
const secretFields = new Set(['authKey', 'token', 'deviceData', 'wxData', 'password', 'code', 'ticket']);

/** Longer texts, such as files in Base64, are replaced by their length. In characters. */
const maxTextLength = 2_000;

/** The parameters without secrets and files. */
export function redactParams(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, redactValue(name, value)]));
}

function redactValue(name: string, value: unknown): unknown {
  if (secretFields.has(name)) return '***';
  if (typeof value === 'string' && value.length > maxTextLength) return `(${value.length} characters)`;
  // The client sends back a message that was pushed to it, perhaps with an image.
  if (name === 'rawMsgData') return '(a message)';
  return value;
}
