/** What the owner of a remote is shown of what clients ask. */

/** Fields with which somebody could come in or log in. */
const secrets = new Set(['authKey', 'token', 'deviceData', 'wxData', 'password', 'code', 'ticket']);

/** Longer texts, such as files in Base64, are only said to be there. In characters. */
const longest = 2_000;

/** The same parameters without secrets and files. */
export function auditable(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(name, value)]));
}

function shown(name: string, value: unknown): unknown {
  if (secrets.has(name)) return '***';
  if (typeof value === 'string' && value.length > longest) return `(${value.length} characters)`;
  // The client only says back what it was pushed, perhaps with a picture.
  if (name === 'rawMsgData') return '(a message)';
  return value;
}
